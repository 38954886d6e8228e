package io.backprop.web.table;

import static io.backprop.model.InvalidInputException.require;
import static io.backprop.model.InvalidInputException.requireAbsent;

import io.backprop.engine.Matrix;
import io.backprop.tabular.Targets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request whose rows are of numbers, inputs with their targets, or else of a table.
 *
 * @param <T> how a table is read
 */
public interface RowsRequest<T> {

    @Nullable
    Matrix inputs();

    /** None where nobody asks for them. */
    default @Nullable Targets targets() {
        return null;
    }

    @Nullable
    T rows();

    /** The rows of a table, if they are not of numbers. */
    default Optional<T> table() {
        if (rows() != null) {
            requireAbsent("inputs", inputs(), "inputs and rows exclude each other");
            requireAbsent(
                    "targets",
                    targets(),
                    "targets go with inputs; rows of a table have the target among their columns");
        }
        return Optional.ofNullable(rows());
    }

    default Matrix requireInputs() {
        return require("inputs", inputs(), "inputs is required, unless there are rows of a table");
    }

    default Targets requireTargets() {
        return require("targets", targets(), "targets is required with inputs");
    }
}
