package io.backprop.web.json;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.web.problem.FieldPath;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import org.springframework.http.ProblemDetail;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.MismatchedInputException;

/** Puts into plain words why a body could not be read. */
public final class JsonProblems {

    /*
     * Jackson has one exception for several faults and tells them apart by its message alone, so four beginnings of
     * messages stand here. Its texts themselves name Java classes and never reach a client.
     */
    private static final String DUPLICATE = "Duplicate Object property";
    private static final String NOT_A_NUMBER = "Non-standard token";
    private static final String NOT_UTF_8 = "Invalid UTF-8";
    private static final String TRAILING = "Trailing token";

    private static final String CONSTRAINTS =
            "nested at most %d deep, with names of at most %d, texts of at most %d and"
                    .concat(" numbers of at most %d characters, but goes beyond that")
                    .formatted(
                            JsonConfiguration.DEEPEST_NESTING,
                            JsonConfiguration.LONGEST_NAME,
                            JsonConfiguration.LONGEST_TEXT,
                            JsonConfiguration.LONGEST_NUMBER);

    private JsonProblems() {}

    public static ProblemDetail of(JacksonException e) {
        if (e instanceof JsonInputException input) {
            return input.type().problem(input.fieldProblem());
        }
        if (e instanceof StreamConstraintsException) {
            return ProblemType.UNREADABLE_BODY.problem("the body must be " + CONSTRAINTS + at(e));
        }
        if (e instanceof UnexpectedEndOfInputException) {
            return ProblemType.UNREADABLE_BODY.problem("the body ends before its JSON does" + at(e));
        }
        if (e instanceof InputCoercionException) {
            return unreadable(FieldPath.of(e.getPath()), "must be a number within its type's range, but is beyond it");
        }
        if (e instanceof StreamReadException) {
            return syntax(e);
        }
        if (e instanceof MismatchedInputException mismatch) {
            return mismatch(mismatch);
        }
        if (e.getCause() instanceof InvalidArgumentException cause) {
            return ProblemType.INVALID_FIELD.problem(
                    FieldProblem.sentence(FieldPath.of(e.getPath()).pointer(), String.valueOf(cause.getMessage())));
        }
        return ProblemType.UNREADABLE_BODY.problem("the body can't be read as JSON" + at(e));
    }

    private static ProblemDetail syntax(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage());
        FieldPath path = e.processor() instanceof JsonParser parser
                ? FieldPath.of(parser.streamReadContext())
                : FieldPath.of(e.getPath());
        if (message.startsWith(DUPLICATE)) {
            return unreadable(path, "is given more than once");
        }
        if (message.startsWith(NOT_A_NUMBER)) {
            return unreadable(path, "must be a finite number: NaN and Infinity are not JSON");
        }
        return ProblemType.UNREADABLE_BODY.problem(
                "the body is not " + (message.startsWith(NOT_UTF_8) ? "UTF-8" : "valid JSON") + at(e));
    }

    /** What is wrong with the syntax of a part of the body that has to be JSON. */
    public static String fault(JacksonException e) {
        if (e instanceof StreamConstraintsException) {
            return "must be " + CONSTRAINTS;
        }
        if (e instanceof UnexpectedEndOfInputException) {
            return "ends before its JSON does";
        }
        String message = String.valueOf(e.getOriginalMessage());
        if (message.startsWith(NOT_UTF_8)) {
            return "is not UTF-8; save the table as UTF-8";
        }
        return message.startsWith(NOT_A_NUMBER)
                ? "must have finite numbers: NaN and Infinity are not JSON"
                : "is not valid JSON";
    }

    private static ProblemDetail mismatch(MismatchedInputException e) {
        if (e.getPath().isEmpty() && e.getCurrentToken() == null) {
            return ProblemType.UNREADABLE_BODY.problem("the body must be JSON, but is empty");
        }
        if (String.valueOf(e.getOriginalMessage()).startsWith(TRAILING)) {
            return ProblemType.UNREADABLE_BODY.problem("the body must be one JSON value, but goes on after it" + at(e));
        }
        return JsonMismatches.of(e);
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
