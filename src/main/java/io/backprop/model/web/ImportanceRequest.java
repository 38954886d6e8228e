package io.backprop.model.web;

import static io.backprop.model.InvalidInputException.require;
import static io.backprop.model.InvalidInputException.requireAbsent;
import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.Matrix;
import io.backprop.model.Importance;
import io.backprop.model.ImportanceService;
import io.backprop.model.Permutations;
import io.backprop.model.Predictor;
import io.backprop.tabular.Targets;
import io.backprop.web.RowSource;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/** Rows whose targets are known, and how often to permute them. */
@Schema(name = "MeasureImportance")
record ImportanceRequest(
        @Nullable Matrix inputs,
        @Nullable Targets targets,
        @Nullable RowSource rows,
        @Nullable @Min(1) @Max(100) Integer repeats,
        @Nullable Long seed) {

    Importance measure(ImportanceService importances, Predictor predictor) {
        Permutations permutations = new Permutations(requireNonNullElse(repeats, Permutations.DEFAULT_REPEATS), seed);
        if (rows == null) {
            return importances.importance(
                    predictor,
                    require("inputs", inputs, "inputs is required, unless there are rows of a table"),
                    require("targets", targets, "targets is required with inputs"),
                    permutations);
        }
        requireAbsent("inputs", inputs, "inputs and rows exclude each other");
        requireAbsent(
                "targets", targets, "targets go with inputs; rows of a table have the target among their columns");
        return importances.importance(predictor, rows::readInto, permutations);
    }
}
