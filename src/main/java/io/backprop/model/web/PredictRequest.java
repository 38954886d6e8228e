package io.backprop.model.web;

import static io.backprop.model.InvalidInputException.require;
import static io.backprop.model.InvalidInputException.requireAbsent;

import io.backprop.engine.Matrix;
import io.backprop.web.RowSource;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What to predict for: rows of numbers, or rows of a table. */
@Schema(name = "Predict")
record PredictRequest(@Nullable Matrix inputs, @Nullable RowSource rows) {

    /** The rows of a table, if it is not rows of numbers. */
    Optional<RowSource> table() {
        if (rows != null) {
            requireAbsent("inputs", inputs, "inputs and rows exclude each other");
        }
        return Optional.ofNullable(rows);
    }

    Matrix requireInputs() {
        return require("inputs", inputs, "inputs is required, unless there are rows of a table");
    }
}
