package io.backprop.web.json;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.web.problem.FieldPath;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.SimilarNames;
import io.backprop.web.problem.ValueDescriptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.http.ProblemDetail;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Translates Jackson's exceptions into problems. Jackson's own messages name Java classes and never reach a client. */
public final class JsonProblems {

    /* Jackson uses one exception for several faults, which only its messages distinguish. StrictJsonTests checks them. */
    private static final String DUPLICATE = "Duplicate Object property";
    private static final String NOT_A_NUMBER = "Non-standard token";
    private static final String NOT_UTF_8 = "Invalid UTF-8";
    private static final String TRAILING = "Trailing token";
    private static final Pattern WRONG_TEXT = Pattern.compile("String value \\(\"(.*)\"\\) to ", Pattern.DOTALL);
    private static final Pattern WRONG_NUMBER = Pattern.compile("from Number value \\((.*?)\\)");
    private static final Pattern ENCODED_TWICE = Pattern.compile("from String value \\('\\s*[{\\[]");
    private static final String ROWS = "rows";
    private static final String ROOT_NUMBER = "Expected space separating root-level values";
    private static final Pattern UNRECOGNIZED = Pattern.compile("Unrecognized token '(\\w+)");
    private static final String SINGLE_QUOTE = "(''' (code 39))";

    /** Values of fields whose shape is often wrong. */
    private static final Map<String, String> EXAMPLES = Map.of(
            "hidden", "[64, 32]",
            "hiddenUnits", "[4]",
            "classes", "[\"no\", \"yes\"]",
            "classWeights", "{\"no\": 1, \"yes\": 20}",
            "missing", "[\"-\"]",
            "columns", "{\"zip\": \"categorical\"}",
            "tags", "{\"team\": \"a\"}",
            "earlyStopping", "{\"patience\": 10}");

    private static final Pattern OUT_OF_RANGE = Pattern.compile("Numeric value \\((.*?)\\) out of range");

    private static final String MISSING_VALUE = "; a missing value is null";

    private static final String CSV = "; a table in CSV needs the Content-Type text/csv";

    private static final String CONSTRAINTS =
            "nested at most %d deep, with names of at most %d, texts of at most %d and"
                    .concat(" numbers of at most %d characters, but goes beyond that")
                    .formatted(
                            JsonConfiguration.MAX_NESTING,
                            JsonConfiguration.MAX_NAME_LENGTH,
                            JsonConfiguration.MAX_TEXT_LENGTH,
                            JsonConfiguration.MAX_NUMBER_LENGTH);

    private JsonProblems() {}

    static ProblemDetail of(JacksonException e) {
        if (e instanceof JsonInputException input) {
            return input.problem();
        }
        if (e instanceof InputCoercionException coercion) {
            return outOfRange(coercion);
        }
        if (e instanceof MismatchedInputException mismatch) {
            return mismatch(mismatch);
        }
        if (e.getCause() instanceof InvalidArgumentException cause) {
            return ProblemType.INVALID_FIELD.problem(
                    FieldProblem.sentence(FieldPath.of(e.getPath()).pointer(), cause.getMessage()));
        }
        return syntax(e);
    }

    private static ProblemDetail outOfRange(InputCoercionException e) {
        Matcher number = OUT_OF_RANGE.matcher(e.getOriginalMessage());
        String received = number.find() ? ValueDescriptions.shorten(number.group(1), 60) : "beyond it";
        return unreadable(
                FieldPath.of(e.getPath()),
                "must be " + ValueDescriptions.expectedRange(e.getTargetType()) + ", but was " + received);
    }

    private static ProblemDetail syntax(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage());
        FieldPath path = e.processor() instanceof JsonParser parser
                ? FieldPath.of(parser.streamReadContext())
                : FieldPath.of(e.getPath());
        if (message.startsWith(DUPLICATE)) {
            return unreadable(path, "is given more than once");
        }
        if (isNotANumber(message)) {
            boolean isCell = path.pointer().matches("/(rows|validationRows)/.*");
            return unreadable(
                    path, "must be a finite number: NaN and Infinity are not JSON" + (isCell ? MISSING_VALUE : ""));
        }
        return ProblemType.UNREADABLE_BODY.problem("the body " + describe(e, "is not UTF-8") + at(e));
    }

    /** Describes a syntax error in a line of NDJSON. */
    public static String describe(JacksonException e) {
        return isNotANumber(String.valueOf(e.getOriginalMessage()))
                ? "must have finite numbers: NaN and Infinity are not JSON" + MISSING_VALUE
                : describe(e, "is not UTF-8; save the table as UTF-8");
    }

    private static String describe(JacksonException e, String notUtf8) {
        if (e instanceof StreamConstraintsException) {
            return "must be " + CONSTRAINTS;
        }
        if (e instanceof UnexpectedEndOfInputException) {
            return "ends before its JSON does";
        }
        if (String.valueOf(e.getOriginalMessage()).startsWith(NOT_UTF_8)) {
            return notUtf8;
        }
        return e instanceof StreamReadException ? "is not valid JSON" + likelyCause(e) : "can't be read as JSON";
    }

    private static boolean isNotANumber(String message) {
        return message.startsWith(NOT_A_NUMBER)
                || unrecognized(message).filter(List.of("nan", "inf")::contains).isPresent();
    }

    private static Optional<String> unrecognized(String message) {
        return UNRECOGNIZED
                .matcher(message)
                .results()
                .map(token -> token.group(1))
                .findFirst();
    }

    /** To follow the description of a syntax error; empty if no cause is likely. */
    private static String likelyCause(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage());
        String token = unrecognized(message).orElse("");
        if (message.contains(SINGLE_QUOTE)) {
            return ": it has double quotes where Python has single ones; json.dumps writes it";
        }
        if (List.of("True", "False", "None").contains(token)) {
            return ": it has true, false and null where Python has True, False and None; json.dumps writes it";
        }
        boolean isWord = !token.isEmpty() || message.contains(ROOT_NUMBER);
        return isWord
                        && e.processor() instanceof JsonParser parser
                        && parser.streamReadContext().inRoot()
                ? CSV
                : "";
    }

    private static ProblemDetail mismatch(MismatchedInputException e) {
        if (e.getPath().isEmpty() && e.getCurrentToken() == null) {
            return ProblemType.UNREADABLE_BODY.problem("the body must be JSON, but is empty");
        }
        if (String.valueOf(e.getOriginalMessage()).startsWith(TRAILING)) {
            return ProblemType.UNREADABLE_BODY.problem("the body must be one JSON value, but goes on after it" + at(e));
        }
        FieldPath path = FieldPath.of(e.getPath());
        if (e instanceof UnrecognizedPropertyException unknown) {
            UnknownFields described = unknown.getReferringClass().getAnnotation(UnknownFields.class);
            List<String> known = fields(unknown);
            if (described == null) {
                return unreadable(
                        path,
                        SimilarNames.describeUnknown(unknown.getPropertyName(), known) + rowsForColumn(unknown, known));
            }
            ProblemType type = described.isInvalid() ? ProblemType.INVALID_FIELD : ProblemType.UNREADABLE_FIELD;
            return type.problem(FieldProblem.at(
                    path,
                    described.value() + ". " + described.known() + ": " + String.join(", ", known)
                            + suggestion(unknown.getPropertyName(), known)));
        }
        if (e instanceof InvalidTypeIdException unknown) {
            return unknownSubtype(path, unknown);
        }
        return wrongType(path, e);
    }

    /** What to do if an unknown field of the whole body is the column of a table. */
    private static String rowsForColumn(UnrecognizedPropertyException e, List<String> known) {
        boolean mayBeColumn = e.getPath().size() == 1
                && known.contains(ROWS)
                && SimilarNames.nearest(e.getPropertyName(), known).isEmpty();
        return mayBeColumn
                ? "; columns of a table belong in rows, as in {\"rows\": [{\"age\": 31}]}, one object per line needs"
                        + " the Content-Type application/x-ndjson"
                : "";
    }

    private static ProblemDetail wrongType(FieldPath path, MismatchedInputException e) {
        JsonToken token = e.getCurrentToken();
        Class<?> type = e.getTargetType();
        if (type != null && type.isPrimitive() && token == JsonToken.END_OBJECT) {
            return ProblemType.INVALID_FIELD.problem(FieldProblem.at(path, "is required"));
        }
        String cause = path.name().isEmpty() && token != null ? likelyCause(e, token, type) : "";
        return unreadable(
                path,
                "must be " + ValueDescriptions.expected(type) + example(e) + ", but was " + received(e)
                        + suggestion(e, ValueDescriptions.names(type)) + cause);
    }

    /** Why the whole body may have the wrong type. */
    private static String likelyCause(MismatchedInputException e, JsonToken token, @Nullable Class<?> type) {
        if (token == JsonToken.START_ARRAY && hasRows(type)) {
            return "; rows of numbers belong in inputs, as in {\"inputs\": [[5.1, 3.5]]}, and those of a table in"
                    + " rows, as in {\"rows\": [{\"age\": 31}]}";
        }
        if (ENCODED_TWICE.matcher(e.getOriginalMessage()).find()) {
            return "; it was encoded as JSON twice (with Python's requests, json= takes the object, data= its text)";
        }
        return token.isScalarValue() ? CSV : "";
    }

    private static boolean hasRows(@Nullable Class<?> type) {
        return type != null
                && type.isRecord()
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> component.getName().equals(ROWS));
    }

    private static String example(MismatchedInputException e) {
        List<JacksonException.Reference> references = e.getPath();
        String field = references.isEmpty()
                ? null
                : references.get(references.size() - 1).getPropertyName();
        return field != null && EXAMPLES.containsKey(field) ? ", such as " + EXAMPLES.get(field) : "";
    }

    private static String suggestion(MismatchedInputException e, List<String> names) {
        return e instanceof InvalidFormatException format && format.getValue() instanceof String name
                ? suggestion(name, names)
                : "";
    }

    private static String suggestion(String name, List<String> names) {
        return SimilarNames.nearest(name, names)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
    }

    private static String received(MismatchedInputException e) {
        if (e instanceof InvalidFormatException format) {
            return ValueDescriptions.received(format.getValue());
        }
        Matcher text = WRONG_TEXT.matcher(e.getOriginalMessage());
        if (text.find()) {
            return ValueDescriptions.received(text.group(1));
        }
        Matcher number = WRONG_NUMBER.matcher(e.getOriginalMessage());
        return number.find()
                ? ValueDescriptions.shorten(number.group(1), 60)
                : ValueDescriptions.kindOf(e.getCurrentToken());
    }

    /** The field that determines the subtype is absent or has an unknown value. */
    private static ProblemDetail unknownSubtype(FieldPath path, InvalidTypeIdException e) {
        JsonToken token = e.getCurrentToken();
        if (token == JsonToken.START_ARRAY || (token != null && token.isScalarValue() && e.getTypeId() == null)) {
            return unreadable(path, "must be an object, but was " + ValueDescriptions.kindOf(token));
        }
        FieldPath typePath = path.field("type");
        if (e.getTypeId() == null) {
            return ProblemType.INVALID_FIELD.problem(FieldProblem.at(typePath, "is required"));
        }
        List<String> names = subtypes(e.getBaseType().getRawClass()).sorted().toList();
        return unreadable(
                typePath,
                "must be one of " + String.join(", ", names) + ", but was " + ValueDescriptions.received(e.getTypeId())
                        + suggestion(e.getTypeId(), names));
    }

    /** The names of the implementations of a sealed interface: those that it declares, or as documents of drivers have them. */
    private static Stream<String> subtypes(Class<?> type) {
        JsonSubTypes named = type.getAnnotation(JsonSubTypes.class);
        if (named != null) {
            return Arrays.stream(named.value()).map(JsonSubTypes.Type::name);
        }
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).map(Class::getSimpleName)
                : Stream.empty();
    }

    /** The fields of the object, including the one that determines its subtype. */
    private static List<String> fields(UnrecognizedPropertyException e) {
        JsonTypeInfo hierarchy = AnnotationUtils.findAnnotation(e.getReferringClass(), JsonTypeInfo.class);
        return Stream.concat(
                        e.getKnownPropertyIds().stream(),
                        Stream.ofNullable(hierarchy).map(JsonTypeInfo::property))
                .map(String::valueOf)
                .sorted()
                .toList();
    }

    private static ProblemDetail unreadable(FieldPath path, String detail) {
        return ProblemType.UNREADABLE_FIELD.problem(FieldProblem.at(path, detail));
    }

    private static String at(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        if (location == null || location.getLineNr() < 1) {
            return "";
        }
        return " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
