package io.backprop.web;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.http.ProblemDetail;
import org.springframework.util.ClassUtils;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** What JSON a Java type is read from, in words. */
final class JsonExpectations {

    private JsonExpectations() {}

    static ProblemDetail wrongType(FieldPath path, MismatchedInputException e) {
        JsonToken token = e.getCurrentToken();
        Class<?> type = e.getTargetType();
        boolean absent = type != null && type.isPrimitive() && token == JsonToken.END_OBJECT;
        if (absent) {
            return ProblemType.INVALID_FIELD.problem(List.of(FieldProblem.at(path, "is required")));
        }
        String received =
                e instanceof InvalidFormatException format ? Received.value(format.getValue()) : Received.kind(token);
        return JsonProblems.unreadable(path, "must be " + expected(type) + ", but was " + received);
    }

    /** An object says by a field what it is, and says nothing or something unknown. */
    static ProblemDetail unknownType(FieldPath path, InvalidTypeIdException e) {
        JsonToken token = e.getCurrentToken();
        if (token == JsonToken.START_ARRAY || (token != null && token.isScalarValue() && e.getTypeId() == null)) {
            return JsonProblems.unreadable(path, "must be an object, but was " + Received.kind(token));
        }
        path.field("type");
        if (e.getTypeId() == null) {
            return ProblemType.INVALID_FIELD.problem(List.of(FieldProblem.at(path, "is required")));
        }
        JsonSubTypes types = e.getBaseType().getRawClass().getAnnotation(JsonSubTypes.class);
        Stream<String> names =
                types == null ? Stream.empty() : Arrays.stream(types.value()).map(JsonSubTypes.Type::name);
        String detail = "must be one of " + JsonProblems.join(names) + ", but was " + Received.value(e.getTypeId());
        return JsonProblems.unreadable(path, detail);
    }

    /** What fields an object of the type has that was read, with the one that says what type that is. */
    static Stream<Object> fields(UnrecognizedPropertyException e) {
        Stream<Object> fields = e.getKnownPropertyIds().stream();
        JsonTypeInfo hierarchy = AnnotationUtils.findAnnotation(e.getReferringClass(), JsonTypeInfo.class);
        return hierarchy == null ? fields : Stream.concat(fields, Stream.of(hierarchy.property()));
    }

    static String expected(@Nullable Class<?> type) {
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
    static List<String> enumNames(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
