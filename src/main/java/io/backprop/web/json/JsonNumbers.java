package io.backprop.web.json;

import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.tabular.ChunkedFloatArray;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ValueDescriptions;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads finite numbers, and lists of them straight into packed floats. */
public final class JsonNumbers {

    private static final int MAX_NAME_LENGTH = 60;

    private JsonNumbers() {}

    static float readFloat(JsonParser parser) {
        requireNumber(parser);
        float value = parser.getFloatValue();
        if (!Float.isFinite(value)) {
            throw JsonInputException.mustBe("a number that fits float32, at most 3.4028235e38", parser);
        }
        return value;
    }

    static double readDouble(JsonParser parser) {
        requireNumber(parser);
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw JsonInputException.mustBe("a number that fits float64, at most 1.7976931348623157e308", parser);
        }
        return value;
    }

    private static void requireNumber(JsonParser parser) {
        if (!parser.currentToken().isNumeric()) {
            throw JsonInputException.mustBe("a number", parser);
        }
    }

    /** Reads a list of numbers. */
    static Vector readVector(JsonParser parser) {
        requireList(parser, "a list of numbers");
        parser.nextToken();
        ChunkedFloatArray values = new ChunkedFloatArray();
        readElements(parser, values);
        return Vector.wrap(values.toArray());
    }

    /** Reads a list of rows, each a list of numbers. */
    static Matrix readMatrix(JsonParser parser) {
        requireList(parser, "a list of rows of numbers, such as [[5.1, 3.5], [4.9, 3.0]]");
        String name = nameOf(parser);
        parser.nextToken();
        return readRows(parser, name);
    }

    public static void requireList(JsonParser parser, String rule) {
        if (!parser.isExpectedStartArrayToken()) {
            throw JsonInputException.mustBe(rule, parser);
        }
    }

    /** The name of the current field, for messages. */
    public static String nameOf(JsonParser parser) {
        String name = parser.currentName();
        return name == null ? "the list" : ValueDescriptions.shorten(name, MAX_NAME_LENGTH);
    }

    /** Reads from the first row, whose first token is the current one, to the end of the list. */
    public static Matrix readRows(JsonParser parser, String name) {
        ChunkedFloatArray values = new ChunkedFloatArray();
        int rows = 0;
        int columns = 0;
        for (JsonToken token = parser.currentToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            try {
                int length = readRow(parser, name, rows, values);
                if (rows > 0 && length != columns) {
                    throw JsonInputException.invalid(
                            "row %d of %s has %s, but row 0 has %d"
                                    .formatted(rows, name, ValueDescriptions.count(length, "number"), columns),
                            parser);
                }
                columns = length;
            } catch (JacksonException e) {
                throw e.prependPath(values, rows);
            }
            rows++;
        }
        if (rows == 0) {
            throw JsonInputException.invalid(name + " must have at least 1 row, but has none", parser);
        }
        return Matrix.wrap(rows, columns, values.toArray());
    }

    private static int readRow(JsonParser parser, String name, int row, ChunkedFloatArray values) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            String message =
                    "each row of " + name + " must be a list of numbers, as in [[5.1, 3.5], [4.9, 3.0]], but row " + row
                            + " was " + ValueDescriptions.received(parser);
            throw JsonInputException.of(ProblemType.UNREADABLE_FIELD, message, parser);
        }
        parser.nextToken();
        int length = readElements(parser, values);
        if (length == 0) {
            throw JsonInputException.invalid(
                    "row " + row + " of " + name + " must have at least 1 number, but has none", parser);
        }
        return length;
    }

    /** Reads rows of one number each, from the first number, which is the current token, to the end of the list. */
    public static Matrix readColumn(JsonParser parser) {
        ChunkedFloatArray values = new ChunkedFloatArray();
        int rows = readElements(parser, values);
        return Matrix.wrap(rows, 1, values.toArray());
    }

    /** Reads from the first number, which is the current token, to the end of the list. Returns the count of numbers. */
    private static int readElements(JsonParser parser, ChunkedFloatArray values) {
        int count = 0;
        try {
            while (parser.currentToken() != JsonToken.END_ARRAY) {
                values.add(readFloat(parser));
                count++;
                parser.nextToken();
            }
        } catch (JacksonException e) {
            throw e.prependPath(values, count);
        }
        return count;
    }
}
