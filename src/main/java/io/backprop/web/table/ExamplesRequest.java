package io.backprop.web.table;

import static io.backprop.web.table.RowsRequest.require;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.backprop.driver.TableName;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.Table;
import io.backprop.tabular.Targets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request with examples to learn from: inputs with their targets, or a table with the column to predict, whose rows are sent
 * or read by a driver.
 */
public interface ExamplesRequest extends RowsRequest {

    /** The name of a table that a driver reads; null by default, for requests whose rows are sent. */
    default @Nullable String table() {
        return null;
    }

    @Override
    default boolean hasTable() {
        return rows() != null || table() != null;
    }

    @Nullable
    String target();

    @Nullable
    Map<String, ColumnType> columns();

    /** Null by default, for requests that do not divide their rows by one. */
    default @Nullable String splitColumn() {
        return null;
    }

    @Nullable
    String groupColumn();

    @Nullable
    Vector sampleWeights();

    /** The column that divides the rows of the table; null for none. */
    default @Nullable RowDivision division() {
        if (splitColumn() != null) {
            return new RowDivision(RowDivision.Kind.PART, splitColumn());
        }
        return groupColumn() == null ? null : new RowDivision(RowDivision.Kind.GROUP, groupColumn());
    }

    /** Checks that the examples are complete, and that their options belong to this form of them. */
    default void requireFittingExamples() {
        tableRows();
        if (hasTable()) {
            requireFittingTable();
            require("sampleWeights", sampleWeights() == null, "sampleWeights go with inputs, not with rows of a table");
            require("target", target() != null, "target is required with rows of a table: the column to predict");
            requireFittingDivision();
        } else {
            require("target", target() == null, "target goes with rows of a table; inputs take targets");
            require("columns", columns() == null, "columns go with rows of a table");
            require("splitColumn", splitColumn() == null, "splitColumn goes with rows of a table");
            require("groupColumn", groupColumn() == null, "groupColumn goes with rows of a table");
            requireInputs();
            requireTargets();
        }
    }

    private void requireFittingTable() {
        String table = table();
        if (table != null) {
            require("table", rows() == null, "table and rows exclude each other: table names one that a driver reads");
            try {
                TableName.require("table", table);
            } catch (InvalidArgumentException e) {
                require("table", false, String.valueOf(e.getMessage()));
            }
        }
    }

    private void requireFittingDivision() {
        RowDivision division = division();
        if (division != null) {
            String field = splitColumn() == null ? "groupColumn" : "splitColumn";
            String column = division.column();
            require(field, !column.equals(target()), field + " must be another column than target");
            ColumnType type =
                    requireNonNullElse(columns(), Map.<String, ColumnType>of()).getOrDefault(column, ColumnType.IGNORE);
            require(
                    "columns",
                    type == ColumnType.IGNORE,
                    "columns must not give a type to \"%s\", which is the %s and not a feature"
                            .formatted(column, field));
        }
    }

    /**
     * The examples. A table is read from the body now, to its end.
     *
     * @param known the format of the cells where the request does not say another
     */
    default <S> S toExamples(CellFormat known, FromMatrices<S> matrices, FromTable<S> tables) {
        RowSource table = rows();
        if (table == null) {
            return matrices.of(requireInputs(), requireTargets(), sampleWeights());
        }
        Map<String, ColumnType> types = requireNonNullElse(columns(), Map.of());
        return tables.of(table.toTable(cellRules(known), division()), requireNonNull(target()), types);
    }

    /** Creates examples from matrices. */
    @FunctionalInterface
    interface FromMatrices<S> {

        S of(Matrix inputs, Targets targets, @Nullable Vector sampleWeights);
    }

    /** Creates examples from a table. */
    @FunctionalInterface
    interface FromTable<S> {

        S of(Table table, String target, Map<String, ColumnType> columns);
    }
}
