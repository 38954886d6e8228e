package io.backprop.web.table;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.Targets;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.lang.Contract;

/**
 * A request with either inputs and targets as matrices, or a table.
 */
public interface RowsRequest {

    @Nullable
    Matrix inputs();

    /** Null by default, for requests without targets. */
    default @Nullable Targets targets() {
        return null;
    }

    @Nullable
    RowSource rows();

    @Nullable
    List<String> missing();

    @Nullable
    DecimalSeparator decimal();

    @Nullable
    String dateFormat();

    @Nullable
    InvalidCells invalidCells();

    /**
     * How the cells of the rows are read.
     *
     * @param known the format of cells where the request does not say another
     */
    default CellRules cellRules(CellFormat known) {
        List<String> missing = missing();
        String dateFormat = dateFormat();
        DecimalSeparator decimal = decimal();
        try {
            CellFormat format = new CellFormat(
                    missing == null ? known.missing() : missing,
                    decimal == null ? known.decimalComma() : decimal == DecimalSeparator.COMMA,
                    dateFormat == null ? known.dateFormat() : dateFormat);
            return new CellRules(format, requireNonNullElse(invalidCells(), InvalidCells.ERROR));
        } catch (InvalidArgumentException e) { // its message names the field
            String message = String.valueOf(e.getMessage());
            throw ProblemType.INVALID_FIELD.exception(FieldProblem.sentence(message.split(" ", 2)[0], message));
        }
    }

    /** Whether the request is about a table. */
    default boolean hasTable() {
        return rows() != null;
    }

    /** The rows of a table that were sent. */
    default Optional<RowSource> tableRows() {
        if (hasTable()) {
            String rows = rows() == null ? "table" : "rows";
            require("inputs", inputs() == null, "inputs and %s exclude each other".formatted(rows));
            require(
                    "targets",
                    targets() == null,
                    "targets go with inputs; rows of a table have the target among their columns");
        } else {
            require("missing", missing() == null, "missing goes with rows of a table");
            require("decimal", decimal() == null, "decimal goes with rows of a table");
            require("dateFormat", dateFormat() == null, "dateFormat goes with rows of a table");
            require("invalidCells", invalidCells() == null, "invalidCells goes with rows of a table");
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

    /** Rejects a field unless the rule holds. */
    @Contract("_, false, _ -> fail")
    static void require(String field, boolean valid, String message) {
        if (!valid) {
            throw ProblemType.INVALID_FIELD.exception(FieldProblem.sentence(field, message));
        }
    }
}
