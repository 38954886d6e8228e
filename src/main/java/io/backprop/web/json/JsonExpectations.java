package io.backprop.web.json;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** What JSON a Java type is read from, in words. */
public final class JsonExpectations {

    private JsonExpectations() {}

    public static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "another kind of value";
        }
        Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (boxed.isEnum()) {
            return "one of " + String.join(", ", enumNames(boxed));
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
        return boxed.isArray() || Collection.class.isAssignableFrom(boxed) ? "a list" : "an object";
    }

    /** The names that an enumeration's values have outside of Java. */
    public static List<String> enumNames(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
