package io.backprop.web.table;

import io.backprop.engine.Matrix;
import io.backprop.tabular.Targets;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.lang.Contract;

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
            require("inputs", inputs() == null, "inputs and rows exclude each other");
            require(
                    "targets",
                    targets() == null,
                    "targets go with inputs; rows of a table have the target among their columns");
        }
        return Optional.ofNullable(rows());
    }

    default Matrix requireInputs() {
        Matrix inputs = inputs();
        require("inputs", inputs != null, "inputs is required, unless there are rows of a table");
        return inputs;
    }

    default Targets requireTargets() {
        Targets targets = targets();
        require("targets", targets != null, "targets is required with inputs");
        return targets;
    }

    @Contract("_, false, _ -> fail")
    private static void require(String field, boolean valid, String message) {
        if (!valid) {
            throw ProblemType.INVALID_FIELD.exception(FieldProblem.sentence(field, message));
        }
    }
}
