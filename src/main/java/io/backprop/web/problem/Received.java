package io.backprop.web.problem;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Says what was received, in the words of JSON and at a length that suits a message. */
public final class Received {

    static final int LONGEST_MESSAGE = 500;
    private static final int LONGEST_TEXT = 60;

    private Received() {}

    /** The parser's current token. */
    public static String at(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return value(parser.getString());
        }
        if (token != null && token.isNumeric()) {
            return shorten(parser.getString(), LONGEST_TEXT);
        }
        return kind(token);
    }

    public static String kind(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_ARRAY, END_ARRAY -> "a list";
            case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
            case VALUE_STRING -> "text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NULL -> "null";
            default -> "nothing";
        };
    }

    public static String value(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            return '"' + shorten(text.toString(), LONGEST_TEXT) + '"';
        }
        if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
            return value instanceof Map<?, ?> ? "an object" : "a list";
        }
        return shorten(String.valueOf(value), LONGEST_TEXT);
    }

    public static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    public static String shorten(@Nullable String text, int length) {
        if (text == null || text.length() <= length) {
            return text == null ? "" : text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + "…";
    }
}
