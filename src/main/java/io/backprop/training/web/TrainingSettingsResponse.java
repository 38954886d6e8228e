package io.backprop.training.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.KeepBest;
import io.backprop.engine.Metric;
import io.backprop.engine.Regularization;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Task;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.RowDivision;
import io.backprop.training.ClassWeights;
import io.backprop.training.TrainingSettings;
import io.backprop.web.json.ClassWeightsForm;
import io.backprop.web.json.EarlyStoppingForm;
import io.backprop.web.json.LearningRateFactorsForm;
import io.backprop.web.json.OptimizerForm;
import io.backprop.web.json.ScheduleForm;
import io.backprop.web.table.DecimalSeparator;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is in effect in a training, by the names of its request and of the model. */
@Schema(name = "TrainingSettings")
record TrainingSettingsResponse(
        @Schema(description = "Task of the model; null for the article's network") @Nullable
        Task task,

        @Schema(description = "Table that a driver on Spark reads; absent if rows were sent")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String table,

        @Schema(description = "Predicted column of the table; null without a table") @Nullable
        String target,

        @Schema(description = "Types of columns that the request gives by name; the others are inferred")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, ColumnType> columns,

        @Schema(description = "Words for missing values, in addition to the default ones")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> missing,

        @Schema(description = "Character before the decimals of numbers; absent without a table")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        DecimalSeparator decimal,

        @Schema(description = "Pattern of dates, in addition to ISO 8601; absent without one")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String dateFormat,

        @Schema(description = "What became of cells that can't be read; absent without a table")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        InvalidCells invalidCells,

        @Schema(description = "Planned passes over all examples, of each fold of a cross-validation")
        int epochs,

        @Schema(description = "Examples per step") int batchSize,

        @Schema(description = "Parts of the rows whose gradients are added in a fixed order")
        int shards,

        @Schema(description = "Whether each epoch has a new random order of the examples")
        boolean shuffle,

        @Schema(description = "Whether each epoch leaves out a last step with fewer examples")
        boolean dropRemainder,

        @Schema(description = "Initial learning rate") float learningRate,

        @Schema(description = "How the learning rate changes during a training")
        ScheduleForm learningRateSchedule,

        @Schema(description = "Factors of the learning rate, for all layers or for each; absent if all are 1")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<LearningRateFactorsForm> learningRateFactors,

        @Schema(description = "How gradients change the parameters")
        OptimizerForm optimizer,

        @Schema(description = "Factor of the learning rate of one learned scale for each input; 0 for none")
        float frontScale,

        @Schema(description = "L1 penalty on weights") float l1,

        @Schema(description = "L2 penalty on weights") float l2,

        @Schema(description = "Largest norm of all gradients together; null without clipping") @Nullable
        Float globalClipNorm,

        @Schema(description = "Share of the rows that was held back for validation")
        float validationSplit,

        @Schema(description = "Number of validation rows, however they were chosen")
        int validationExamples,

        @Schema(description = "Column of the table that said what each row is for")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String splitColumn,

        @Schema(description = "Column of the table whose equal values kept rows on one side or in one fold")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String groupColumn,

        @Schema(description = "When to stop before the last epoch; null: never") @Nullable
        EarlyStoppingForm earlyStopping,

        @Schema(description = "Metric by which the best epoch is kept without early stopping; null: the last epoch is")
        @Nullable
        Metric keepBest,

        @Nullable Object classWeights,

        @Schema(description = "Limit of the time spent in training")
        double timeLimitSeconds,

        @Schema(description = "Whether the request asked for fresh parameters")
        boolean reset,

        @Schema(description = "Number of parts of a cross-validation")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Integer folds) {

    static @Nullable TrainingSettingsResponse of(@Nullable TrainingSettings settings) {
        if (settings == null) {
            return null;
        }
        TrainingPlan plan = settings.plan();
        Regularization regularization = plan.regularization();
        KeepBest best = plan.keepBest();
        RowDivision division = settings.division();
        CellRules cells = settings.cells();
        return new TrainingSettingsResponse(
                settings.task(),
                settings.table(),
                settings.target(),
                settings.columns(),
                cells == null ? List.of() : cells.format().missing(),
                cells == null ? null : DecimalSeparator.of(cells.format()),
                cells == null ? null : cells.format().dateFormat(),
                cells == null ? null : cells.invalidCells(),
                plan.epochs(),
                plan.batchSize(),
                plan.shards(),
                plan.shuffle(),
                plan.dropRemainder(),
                plan.learningRate(),
                ScheduleForm.of(plan.schedule()),
                LearningRateFactorsForm.of(plan.learningRateFactors()),
                OptimizerForm.of(plan.optimizer()),
                plan.frontScale(),
                regularization.l1(),
                regularization.l2(),
                regularization.clips() ? regularization.globalClipNorm() : null,
                settings.validationSplit(),
                settings.validationExamples(),
                division == null ? null : division.columnOf(RowDivision.Kind.PART),
                division == null ? null : division.columnOf(RowDivision.Kind.GROUP),
                EarlyStoppingForm.of(best),
                best == null || best.patience() != null ? null : best.monitor(),
                weights(settings.classWeights()),
                settings.timeLimit().toNanos() / 1e9,
                settings.reset(),
                settings.folds() == 0 ? null : settings.folds());
    }

    private static @Nullable Object weights(ClassWeights weights) {
        if (weights.equals(ClassWeights.NONE)) {
            return null;
        }
        return weights.byLabel() == null ? ClassWeightsForm.BALANCED : weights.byLabel();
    }
}
