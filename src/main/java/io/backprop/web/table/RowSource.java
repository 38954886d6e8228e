package io.backprop.web.table;

import io.backprop.tabular.CellRules;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableBuilder;
import io.backprop.tabular.TableException;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** The rows of a request. Can be read once. */
public interface RowSource {

    void readInto(RowSink sink);

    /**
     * Reads all rows into memory.
     *
     * @param division null for none
     */
    default Table toTable(CellRules rules, @Nullable RowDivision division) {
        long maxCells = TableRequestConverter.maxCells(0);
        TableBuilder builder = new TableBuilder(maxCells, 0, rules, bytes -> {}, division); // counted as JSON
        try {
            readInto(builder);
        } catch (TableException e) {
            throw e.kind() == TableException.Kind.INVALID
                    ? ProblemType.INVALID_FIELD.exception(
                            FieldProblem.sentence("/rows/" + builder.rows(), e.getMessage()))
                    : e;
        }
        return builder.build();
    }
}
