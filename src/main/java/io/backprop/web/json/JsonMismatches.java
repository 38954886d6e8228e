package io.backprop.web.json;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.web.problem.FieldPath;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ValueDescriptions;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.http.ProblemDetail;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Puts into plain words why JSON does not fit what it is read into. */
final class JsonMismatches {

    private JsonMismatches() {}

    static ProblemDetail of(MismatchedInputException e) {
        FieldPath path = FieldPath.of(e.getPath());
        if (e instanceof UnrecognizedPropertyException unknown) {
            return unreadable(path, "is unknown here; known: " + join(fields(unknown)));
        }
        if (e instanceof InvalidTypeIdException unknown) {
            return unknownType(path, unknown);
        }
        return wrongType(path, e);
    }

    private static ProblemDetail wrongType(FieldPath path, MismatchedInputException e) {
        JsonToken token = e.getCurrentToken();
        Class<?> type = e.getTargetType();
        boolean absent = type != null && type.isPrimitive() && token == JsonToken.END_OBJECT;
        if (absent) {
            return ProblemType.INVALID_FIELD.problem(FieldProblem.at(path, "is required"));
        }
        String received = e instanceof InvalidFormatException format
                ? ValueDescriptions.received(format.getValue())
                : ValueDescriptions.kindOf(token);
        return unreadable(path, "must be " + ValueDescriptions.expected(type) + ", but was " + received);
    }

    /** An object says by a field what it is, and says nothing or something unknown. */
    private static ProblemDetail unknownType(FieldPath path, InvalidTypeIdException e) {
        JsonToken token = e.getCurrentToken();
        if (token == JsonToken.START_ARRAY || (token != null && token.isScalarValue() && e.getTypeId() == null)) {
            return unreadable(path, "must be an object, but was " + ValueDescriptions.kindOf(token));
        }
        path.field("type");
        if (e.getTypeId() == null) {
            return ProblemType.INVALID_FIELD.problem(FieldProblem.at(path, "is required"));
        }
        JsonSubTypes types = e.getBaseType().getRawClass().getAnnotation(JsonSubTypes.class);
        Stream<String> names =
                types == null ? Stream.empty() : Arrays.stream(types.value()).map(JsonSubTypes.Type::name);
        String detail = "must be one of " + join(names) + ", but was " + ValueDescriptions.received(e.getTypeId());
        return unreadable(path, detail);
    }

    /** What fields an object of the type has that was read, with the one that says what type that is. */
    private static Stream<Object> fields(UnrecognizedPropertyException e) {
        Stream<Object> fields = e.getKnownPropertyIds().stream();
        JsonTypeInfo hierarchy = AnnotationUtils.findAnnotation(e.getReferringClass(), JsonTypeInfo.class);
        return hierarchy == null ? fields : Stream.concat(fields, Stream.of(hierarchy.property()));
    }

    private static ProblemDetail unreadable(FieldPath path, String detail) {
        return ProblemType.UNREADABLE_FIELD.problem(FieldProblem.at(path, detail));
    }

    private static String join(Stream<?> names) {
        return names.map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }
}
