package io.backprop.web.table;

import io.backprop.engine.Matrix;
import io.backprop.tabular.Targets;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.lang.Contract;

/**
 * A request with either inputs and targets as matrices, or rows of a table.
 *
 * @param <T> how the rows are read
 */
public interface RowsRequest<T> {

    @Nullable
    Matrix inputs();

    /** Null by default, for requests without targets. */
    default @Nullable Targets targets() {
        return null;
    }

    @Nullable
    T rows();

    /** The rows of a table, unless the request has matrices. */
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
