package io.backprop.web.table;

import io.backprop.tabular.RowDivision;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableBuilder;
import io.backprop.tabular.TableException;
import io.backprop.web.json.FunctionDeserializer;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads the rows of a request from JSON, a list of flat objects with the same fields. The rows of a body in CSV or NDJSON are
 * attributes, which {@link TableRequestConverter} sets.
 */
@Component
class TableModule extends SimpleModule {

    private static final long serialVersionUID = 1;

    TableModule() {
        super("tables");
        addDeserializer(RequestTable.class, new FunctionDeserializer<>(RequestTable.class, TableModule::readTable));
        addDeserializer(PackedRows.class, new FunctionDeserializer<>(PackedRows.class, TableModule::readRows));
        addDeserializer(RowSource.class, new FunctionDeserializer<>(RowSource.class, TableModule::readRows));
    }

    /** Rows are kept as text until all options are known, which may follow them. */
    private static RequestTable readTable(JsonParser parser) {
        PackedRows rows = readRows(parser);
        return division -> table(rows, division);
    }

    private static Table table(PackedRows rows, @Nullable RowDivision division) {
        long maxCells = TableRequestConverter.maxCells(0);
        TableBuilder builder = new TableBuilder(maxCells, 0, bytes -> {}, division); // counted as JSON
        try {
            rows.readInto(builder);
        } catch (TableException e) {
            throw e.kind() == TableException.Kind.INVALID
                    ? ProblemType.INVALID_FIELD.exception(
                            FieldProblem.sentence("/rows/" + builder.rows(), e.getMessage()))
                    : e;
        }
        return builder.build();
    }

    private static PackedRows readRows(JsonParser parser) {
        PackedRows rows = new PackedRows();
        ObjectRows.readList(parser, rows);
        return rows;
    }
}
