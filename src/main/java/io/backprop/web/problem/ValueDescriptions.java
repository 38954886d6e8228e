package io.backprop.web.problem;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Describes expected and received values in the terms of JSON, short enough for a message. */
public final class ValueDescriptions {

    static final int MAX_MESSAGE_LENGTH = 500;
    private static final int MAX_TEXT_LENGTH = 60;

    private ValueDescriptions() {}

    /** Describes the current token of a parser. */
    public static String received(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return received(parser.getString());
        }
        if (token != null && token.isNumeric()) {
            return shorten(parser.getString(), MAX_TEXT_LENGTH);
        }
        return kindOf(token);
    }

    public static String received(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            return '"' + shorten(text.toString(), MAX_TEXT_LENGTH) + '"';
        }
        if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
            return value instanceof Map<?, ?> ? "an object" : "a list";
        }
        return shorten(String.valueOf(value), MAX_TEXT_LENGTH);
    }

    public static String kindOf(@Nullable JsonToken token) {
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

    /** Describes the JSON values of a Java type. */
    public static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "another kind of value";
        }
        Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (boxed.isEnum()) {
            return "one of " + String.join(", ", names(boxed));
        }
        if (boxed == Boolean.class) {
            return "true or false";
        }
        if (boxed == Double.class || boxed == Float.class) {
            return "a number";
        }
        if (Number.class.isAssignableFrom(boxed)) {
            return "a whole number";
        }
        if (CharSequence.class.isAssignableFrom(boxed)) {
            return "text";
        }
        return boxed.isArray() || Collection.class.isAssignableFrom(boxed) ? "a list" : shorthand(boxed) + "an object";
    }

    /** Describes the simple value that may replace an object, to precede "an object"; empty if there is none. */
    private static String shorthand(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(JsonCreator.class))
                .map(method -> expected(method.getParameterTypes()[0]) + " or ")
                .collect(Collectors.joining());
    }

    /** Describes the range of an integer type. */
    public static String expectedRange(Class<?> type) {
        boolean isInt = ClassUtils.resolvePrimitiveIfNecessary(type) == Integer.class;
        return "a whole number from " + (isInt ? Integer.MIN_VALUE : Long.MIN_VALUE) + " to "
                + (isInt ? Integer.MAX_VALUE : Long.MAX_VALUE);
    }

    /** The names of the constants of an enumeration in JSON, those that are no words in quotes; none for other types. */
    public static List<String> names(@Nullable Class<?> type) {
        return type == null || !type.isEnum() ? List.of() : constants(type);
    }

    private static List<String> constants(Class<?> enumType) {
        return Arrays.stream(enumType.getFields())
                .filter(Field::isEnumConstant)
                .map(constant -> {
                    JsonProperty property = constant.getAnnotation(JsonProperty.class);
                    return property == null ? constant.getName().toLowerCase(Locale.ROOT) : property.value();
                })
                .map(name -> name.matches("\\W+") ? '"' + name + '"' : name)
                .toList();
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
