package io.backprop.model.web;

import io.backprop.engine.Matrix;
import io.backprop.model.InvalidInputException;
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
        if (rows != null && inputs != null) {
            throw new InvalidInputException("inputs", "inputs and rows exclude each other");
        }
        if (rows != null && targets != null) {
            throw new InvalidInputException(
                    "targets", "targets go with inputs; rows of a table have the target among their columns");
        }
        return Optional.ofNullable(rows);
    }

    Matrix requireInputs() {
        if (inputs == null) {
            throw new InvalidInputException("inputs", "inputs is required, unless there are rows of a table");
        }
        return inputs;
    }

    Targets requireTargets() {
        if (targets == null) {
            throw new InvalidInputException("targets", "targets is required with inputs");
        }
        return targets;
    }
}
