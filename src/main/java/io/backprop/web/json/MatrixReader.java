package io.backprop.web.json;

import io.backprop.engine.Matrix;
import io.backprop.tabular.ChunkedFloatArray;
import io.backprop.web.problem.ValueDescriptions;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads rows of numbers from the token stream straight into packed floats. */
final class MatrixReader {

    private final JsonParser parser;
    private final String name; // of the field, for messages
    private final ChunkedFloatArray values = new ChunkedFloatArray();
    private int rows;
    private int columns;

    MatrixReader(JsonParser parser, String name) {
        this.parser = parser;
        this.name = name;
    }

    static String nameOf(JsonParser parser) {
        String name = parser.currentName();
        return name == null ? "the list" : ValueDescriptions.shorten(name, 60);
    }

    /** Reads to the end of the list, whose first token is the current one. */
    Matrix readRows() {
        for (JsonToken token = parser.currentToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            try {
                readRow(token);
            } catch (JacksonException e) {
                throw e.prependPath(this, rows);
            }
            rows++;
        }
        if (rows == 0) {
            throw JsonInputException.invalid(name + " must have at least 1 row, but has none", parser);
        }
        return Matrix.wrap(rows, columns, values.toArray());
    }

    private void readRow(JsonToken first) {
        if (first != JsonToken.START_ARRAY) {
            String message = "each row of " + name + " must be a list of numbers, but row " + rows + " was ";
            throw JsonInputException.unreadable(message + ValueDescriptions.received(parser), parser);
        }
        parser.nextToken();
        int length = readNumbers(parser, values);
        if (length == 0) {
            throw JsonInputException.invalid(
                    "row " + rows + " of " + name + " must have at least 1 number, but has none", parser);
        }
        if (rows == 0) {
            columns = length;
        } else if (length != columns) {
            String received = "row " + rows + " of " + name + " has " + ValueDescriptions.count(length, "number");
            throw JsonInputException.invalid(received + ", but row 0 has " + columns, parser);
        }
    }

    /** Reads to the end of a flat list, whose first token is the current one, and says how many numbers it had. */
    static int readNumbers(JsonParser parser, ChunkedFloatArray into) {
        int count = 0;
        try {
            while (parser.currentToken() != JsonToken.END_ARRAY) {
                into.add(JsonNumbers.readFloat(parser));
                count++;
                parser.nextToken();
            }
        } catch (JacksonException e) {
            throw e.prependPath(into, count);
        }
        return count;
    }
}
