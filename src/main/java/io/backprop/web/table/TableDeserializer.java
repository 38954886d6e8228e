package io.backprop.web.table;

import io.backprop.tabular.RowSink;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableBuilder;
import io.backprop.tabular.TableException;
import io.backprop.web.json.JsonInputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** A list of flat objects with the same fields, each a row of a table; it is read at once. */
final class TableDeserializer extends StdDeserializer<RequestTable> {

    TableDeserializer() {
        super(RequestTable.class);
    }

    @Override
    public RequestTable deserialize(JsonParser parser, DeserializationContext context) {
        TableBuilder builder = TableReader.builder(0, bytes -> {});
        readRows(parser, builder);
        Table table = builder.build();
        return () -> table;
    }

    /** The rows of a body that is a table itself. */
    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return context.getAttribute(RequestTable.class);
    }

    /** Reads to the end of the list, which begins with the current token. */
    static void readRows(JsonParser parser, RowSink sink) {
        if (!parser.isExpectedStartArrayToken()) {
            throw JsonInputException.mustBe("a list of objects", parser);
        }
        ObjectRows rows = new ObjectRows(parser, false, sink);
        int row = 0;
        try {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                rows.readRow();
                row++;
            }
        } catch (TableException e) {
            throw switch (e.kind()) {
                case UNREADABLE ->
                    JsonInputException.unreadable(e.getMessage(), parser).prependPath(sink, row);
                case INVALID ->
                    JsonInputException.invalid(e.getMessage(), parser).prependPath(sink, row);
                case TOO_LARGE -> JsonInputException.tooLarge(e.getMessage(), parser);
            };
        } catch (JacksonException e) {
            throw e.prependPath(sink, row);
        }
        if (row == 0) {
            throw JsonInputException.invalid("a table must have at least 1 row, but has none", parser);
        }
    }
}
