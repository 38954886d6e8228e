package io.backprop.model.web;

import static io.backprop.model.InvalidInputException.require;
import static io.backprop.model.InvalidInputException.requireAbsent;

import io.backprop.engine.Matrix;
import io.backprop.tabular.Targets;
import io.backprop.web.RowSource;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows whose targets are known: of numbers, or of a table that has the target among its columns. */
@Schema(name = "Evaluate")
record EvaluateRequest(
        @Nullable Matrix inputs,
        @Nullable Targets targets,
        @Nullable RowSource rows) {

    /** The rows of a table, if it is not rows of numbers. */
    Optional<RowSource> table() {
        if (rows != null) {
            requireAbsent("inputs", inputs, "inputs and rows exclude each other");
            requireAbsent(
                    "targets", targets, "targets go with inputs; rows of a table have the target among their columns");
        }
        return Optional.ofNullable(rows);
    }

    Matrix requireInputs() {
        return require("inputs", inputs, "inputs is required, unless there are rows of a table");
    }

    Targets requireTargets() {
        return require("targets", targets, "targets is required with inputs");
    }
}
