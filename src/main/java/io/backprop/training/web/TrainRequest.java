package io.backprop.training.web;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.Vector;
import io.backprop.model.Task;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.Targets;
import io.backprop.training.TrainingCommand;
import io.backprop.web.json.ClassWeightsForm;
import io.backprop.web.json.EarlyStoppingForm;
import io.backprop.web.table.DecimalSeparator;
import io.backprop.web.table.HeldOutRequest;
import io.backprop.web.table.PackedRows;
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

/** A request to train a model, whose settings apply to options that are absent. */
@Schema(name = "TrainRequest")
record TrainRequest(
        @Nullable Matrix inputs,
        @Nullable Targets targets,
        @Nullable RowSource rows,
        @Nullable String table,
        @Nullable String target,
        @Nullable Map<String, @NotNull ColumnType> columns,
        @Nullable Task task,
        @Nullable @Size(max = 100) List<@NotNull String> missing,
        @Nullable DecimalSeparator decimal,
        @Nullable String dateFormat,
        @Nullable InvalidCells invalidCells,
        @Nullable @Min(1) Integer epochs,
        @Nullable @Min(1) Integer batchSize,
        @Nullable @Min(1) @Max(TrainingPlan.MAX_SHARDS) Integer shards,
        @Nullable Boolean shuffle,
        @Nullable @PositiveOrZero Float learningRate,

        @Nullable @DecimalMin("0") @DecimalMax(value = "1", inclusive = false)
        Float validationSplit,

        @Nullable Matrix validationInputs,
        @Nullable Targets validationTargets,
        @Nullable PackedRows validationRows,
        @Nullable String splitColumn,
        @Nullable String groupColumn,
        @Nullable @Valid EarlyStoppingForm earlyStopping,
        @Nullable Metric keepBest,
        @Nullable Vector sampleWeights,
        @Nullable @Valid ClassWeightsForm classWeights,

        @Nullable @DecimalMin(TrainingForm.SHORTEST_TIME_LIMIT)
        Double timeLimitSeconds,

        @Nullable Boolean reset)
        implements TrainingForm, HeldOutRequest {

    @Override
    public TrainingCommand toCommand() {
        requireFittingValidation();
        TrainingCommand.HeldRows rows = validationRows == null
                ? null
                : new TrainingCommand.HeldRows(validationRows.count(), validationRows::readInto);
        TrainingCommand.Validation validation =
                TrainingCommand.Validation.of(validationSplit, validationInputs, validationTargets, rows);
        return toCommand(validation, requireNonNullElse(reset, false), 0);
    }
}
