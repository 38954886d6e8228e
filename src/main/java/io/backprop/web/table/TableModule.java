package io.backprop.web.table;

import io.backprop.tabular.Table;
import io.backprop.tabular.TableBuilder;
import io.backprop.web.json.FunctionDeserializer;
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
        addDeserializer(RowSource.class, new FunctionDeserializer<>(RowSource.class, TableModule::readRows));
    }

    private static RequestTable readTable(JsonParser parser) {
        TableBuilder builder = new TableBuilder(TableRequestConverter.maxCells(0), 0, bytes -> {}); // counted as JSON
        ObjectRows.readList(parser, builder);
        Table table = builder.build();
        return () -> table;
    }

    private static RowSource readRows(JsonParser parser) {
        PackedRows rows = new PackedRows();
        ObjectRows.readList(parser, rows);
        return rows;
    }
}
