package io.backprop.prediction.web;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.Matrix;
import io.backprop.prediction.Importance;
import io.backprop.prediction.ImportanceService;
import io.backprop.prediction.PermutationOptions;
import io.backprop.prediction.Predictor;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.Targets;
import io.backprop.web.table.DecimalSeparator;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.RowsRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows with their targets, and how often to permute each feature. */
@Schema(name = "ImportanceRequest")
record ImportanceRequest(
        @Nullable Matrix inputs,
        @Nullable Targets targets,
        @Nullable RowSource rows,
        @Nullable String target,
        @Nullable @Size(max = 100) List<@NotNull String> missing,
        @Nullable DecimalSeparator decimal,
        @Nullable String dateFormat,
        @Nullable InvalidCells invalidCells,
        @Nullable @Min(1) @Max(100) Integer repeats,
        @Nullable Long seed)
        implements RowsRequest {

    Importance measure(ImportanceService importances, Predictor predictor) {
        PermutationOptions options =
                new PermutationOptions(requireNonNullElse(repeats, PermutationOptions.DEFAULT_REPEATS), seed);
        return tableRows()
                .map(table ->
                        importances.importance(predictor, table::readInto, cellRules(predictor.cellFormat()), options))
                .orElseGet(() -> importances.importance(predictor, requireInputs(), requireTargets(), options));
    }
}
