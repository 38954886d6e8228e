package io.backprop.web.table;

import io.backprop.web.json.FunctionDeserializer;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads the rows of a request from JSON, a list of flat objects with the same fields. The rows of a body in CSV or NDJSON are an
 * attribute, which {@link TableRequestConverter} sets.
 */
@Component
class TableModule extends SimpleModule {

    private static final long serialVersionUID = 1;

    TableModule() {
        super("tables");
        addDeserializer(PackedRows.class, new FunctionDeserializer<>(PackedRows.class, TableModule::readRows));
        addDeserializer(RowSource.class, new FunctionDeserializer<>(RowSource.class, TableModule::readRows));
        addDeserializer(SplitRows.class, new FunctionDeserializer<>(SplitRows.class, SplitRows::read));
        addDeserializer(JsonRows.class, new FunctionDeserializer<>(JsonRows.class, JsonRows::read));
    }

    /** Rows are kept as text until all options are known, which may follow them. */
    private static PackedRows readRows(JsonParser parser) {
        PackedRows rows = new PackedRows();
        ObjectRows.readList(parser, rows);
        return rows;
    }
}
