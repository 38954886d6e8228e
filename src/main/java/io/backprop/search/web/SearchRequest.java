package io.backprop.search.web;

import static io.backprop.model.InvalidInputException.require;
import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.KeepBest;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.Vector;
import io.backprop.model.Task;
import io.backprop.search.SearchOptions;
import io.backprop.search.SearchStrategy;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.Targets;
import io.backprop.training.ClassWeights;
import io.backprop.training.TrainingCommand;
import io.backprop.web.json.ClassWeightsForm;
import io.backprop.web.table.DecimalSeparator;
import io.backprop.web.table.HeldOutRequest;
import io.backprop.web.table.JsonParameterDeserializer;
import io.backprop.web.table.PackedRows;
import io.backprop.web.table.RowSource;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/** A request to search for better settings of a model, which apply where an option is absent. */
@Schema(name = "SearchRequest")
record SearchRequest(
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

        @JsonDeserialize(using = JsonParameterDeserializer.class) @Nullable @Valid
        SearchSpaceForm space,

        @Nullable SearchStrategy strategy,
        @Nullable @Min(1) @Max(SearchOptions.MAX_TRIALS) Integer trials,
        @Nullable @Min(1) Integer epochs,
        @Nullable @Min(1) Integer rungs,
        @Nullable Metric metric,
        @Nullable @Min(1) @Max(SearchOptions.MAX_TRIALS) Integer parallelism,
        @Nullable Double goal,
        @Nullable Long seed,
        @Nullable Boolean publish,
        @Nullable @Min(1) Integer batchSize,
        @Nullable Boolean shuffle,

        @Nullable @DecimalMin(value = "0", inclusive = false) @DecimalMax(value = "1", inclusive = false)
        Float validationSplit,

        @Nullable Matrix validationInputs,
        @Nullable Targets validationTargets,
        @Nullable PackedRows validationRows,
        @Nullable String splitColumn,
        @Nullable String groupColumn,
        @Nullable Metric keepBest,
        @Nullable Vector sampleWeights,
        @Nullable @Valid ClassWeightsForm classWeights,
        @Nullable @DecimalMin("0.001") Double timeLimitSeconds)
        implements HeldOutRequest {

    private SearchOptions toOptions() {
        return new SearchOptions(
                space == null ? null : space.toSpace(),
                requireNonNullElse(strategy, SearchOptions.DEFAULT_STRATEGY),
                trials,
                rungs,
                metric,
                parallelism,
                goal,
                seed,
                requireNonNullElse(publish, true));
    }

    /** How each trial is trained. */
    TrainingCommand toCommand() {
        requireFittingValidation();
        requireFittingExamples();
        require(
                "batchSize",
                batchSize == null || space == null || space.batchSize() == null,
                "batchSize is that of all trials, but space has one too");
        TrainingCommand.HeldRows rows = validationRows == null
                ? null
                : new TrainingCommand.HeldRows(validationRows.count(), validationRows::readInto);
        return new TrainingCommand(
                task,
                epochs,
                batchSize,
                null,
                shuffle,
                null,
                TrainingCommand.Validation.of(validationSplit, validationInputs, validationTargets, rows),
                division(),
                keepBest == null ? null : KeepBest.of(keepBest),
                classWeights == null ? ClassWeights.NONE : new ClassWeights(classWeights.byLabel()),
                timeLimitSeconds,
                false,
                0,
                toOptions());
    }
}
