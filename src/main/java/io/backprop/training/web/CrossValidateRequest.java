package io.backprop.training.web;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.Vector;
import io.backprop.model.Task;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.Targets;
import io.backprop.training.CrossValidation;
import io.backprop.training.TrainingCommand;
import io.backprop.web.json.ClassWeightsForm;
import io.backprop.web.json.EarlyStoppingForm;
import io.backprop.web.table.DecimalSeparator;
import io.backprop.web.table.RowSource;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to cross-validate the settings of a model, which apply to options that are absent.
 *
 * @param folds number of parts that the rows are divided into
 * @param validationSplit share of a fold's training rows that is set apart to be monitored
 */
@Schema(name = "CrossValidateRequest")
record CrossValidateRequest(
        @Nullable Matrix inputs,
        @Nullable Targets targets,
        @Nullable RowSource rows,
        @Nullable String target,
        @Nullable Map<String, @NotNull ColumnType> columns,
        @Nullable Task task,
        @Nullable @Size(max = 100) List<@NotNull String> missing,
        @Nullable DecimalSeparator decimal,
        @Nullable String dateFormat,
        @Nullable InvalidCells invalidCells,
        @Nullable @Min(2) @Max(100) Integer folds,
        @Nullable String groupColumn,

        @Nullable @DecimalMin(value = "0", inclusive = false) @DecimalMax(value = "1", inclusive = false)
        Float validationSplit,

        @Nullable @Min(1) Integer epochs,
        @Nullable @Min(1) Integer batchSize,
        @Nullable Boolean shuffle,
        @Nullable @PositiveOrZero Float learningRate,
        @Nullable @Valid EarlyStoppingForm earlyStopping,
        @Nullable Metric keepBest,
        @Nullable Vector sampleWeights,
        @Nullable @Valid ClassWeightsForm classWeights,

        @Nullable @DecimalMin(TrainingForm.SHORTEST_TIME_LIMIT)
        Double timeLimitSeconds)
        implements TrainingForm {

    @Override
    public TrainingCommand toCommand() {
        TrainingCommand.Share monitored = validationSplit == null ? null : new TrainingCommand.Share(validationSplit);
        return toCommand(monitored, false, requireNonNullElse(folds, CrossValidation.DEFAULT_FOLDS));
    }
}
