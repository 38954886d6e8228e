package io.backprop.web;

import io.backprop.security.MemoryBudget;
import io.backprop.tabular.InvalidTableException;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableBuilder;
import io.backprop.tabular.TableTooLargeException;
import io.backprop.tabular.UnreadableTableException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** A list of flat objects with the same fields, each a row of a table. */
final class TableDeserializer extends StdDeserializer<Table> {

    private final MemoryBudget memory;

    TableDeserializer(MemoryBudget memory) {
        super(Table.class);
        this.memory = memory;
    }

    @Override
    public Table deserialize(JsonParser parser, DeserializationContext context) {
        TableBuilder table = TableReader.builder(0, memory);
        readRows(parser, table);
        return table.build();
    }

    /** The rows of a body that is a table itself. */
    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return context.getAttribute(Table.class);
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
        } catch (UnreadableTableException e) {
            throw JsonInputException.unreadable(String.valueOf(e.getMessage()), parser)
                    .prependPath(sink, row);
        } catch (InvalidTableException e) {
            throw JsonInputException.invalid(String.valueOf(e.getMessage()), parser)
                    .prependPath(sink, row);
        } catch (TableTooLargeException e) {
            throw JsonInputException.tooLarge(String.valueOf(e.getMessage()), parser);
        } catch (JacksonException e) {
            throw e.prependPath(sink, row);
        }
        if (row == 0) {
            throw JsonInputException.invalid("a table must have at least 1 row, but has none", parser);
        }
    }
}
