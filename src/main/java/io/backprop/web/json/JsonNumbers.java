package io.backprop.web.json;

import io.backprop.web.problem.ValueDescriptions;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;

/** Reads the number at the current token, and refuses what is no number or does not fit. */
final class JsonNumbers {

    private JsonNumbers() {}

    static int readInt(JsonParser parser) {
        requireInteger(parser);
        try {
            return parser.getIntValue();
        } catch (InputCoercionException e) {
            throw JsonInputException.mustBe(ValueDescriptions.expectedRange(int.class), parser);
        }
    }

    static long readLong(JsonParser parser) {
        requireInteger(parser);
        try {
            return parser.getLongValue();
        } catch (InputCoercionException e) {
            throw JsonInputException.mustBe(ValueDescriptions.expectedRange(long.class), parser);
        }
    }

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

    private static void requireInteger(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw JsonInputException.mustBe("a whole number", parser);
        }
    }

    private static void requireNumber(JsonParser parser) {
        if (!parser.currentToken().isNumeric()) {
            throw JsonInputException.mustBe("a number", parser);
        }
    }
}
