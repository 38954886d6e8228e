package io.backprop.web.table;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** A list of flat objects with the same fields, whose values are kept as they are written. */
final class RowSourceDeserializer extends StdDeserializer<RowSource> {

    RowSourceDeserializer() {
        super(RowSource.class);
    }

    @Override
    public RowSource deserialize(JsonParser parser, DeserializationContext context) {
        PackedRows rows = new PackedRows();
        TableDeserializer.readRows(parser, rows);
        return rows;
    }

    /** The rows of a body that is a table itself. */
    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return context.getAttribute(RowSource.class);
    }
}
