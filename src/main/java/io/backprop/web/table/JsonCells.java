package io.backprop.web.table;

import io.backprop.tabular.RowSink;
import io.backprop.tabular.RowSink.CellKind;
import io.backprop.web.json.JsonInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the cells of a table in JSON; null is a gap. */
final class JsonCells {

    /** What a cell may be, for messages. */
    static final String TYPES = "a number, text, true, false or null";

    private static final char[] GAP = {};

    private JsonCells() {}

    /** Passes the current token on as the cell of a column. */
    static void read(JsonParser parser, int column, RowSink sink) {
        if (!parser.currentToken().isScalarValue()) {
            throw JsonInputException.mustBe(TYPES, parser);
        }
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            sink.cell(column, CellKind.UNTYPED, GAP, 0, 0);
        } else {
            sink.cell(
                    column,
                    kind(parser),
                    parser.getStringCharacters(),
                    parser.getStringOffset(),
                    parser.getStringLength());
        }
    }

    /** Passes the current token on as the cell of a column, and names its index in a list in errors. */
    static void readElement(JsonParser parser, int index, int column, RowSink sink) {
        try {
            read(parser, column, sink);
        } catch (JacksonException e) {
            throw e.prependPath(sink, index);
        }
    }

    /** The kind of the current token. */
    static CellKind kind(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return CellKind.TEXT;
        }
        return parser.currentToken().isNumeric() ? CellKind.NUMBER : CellKind.UNTYPED;
    }
}
