package io.backprop.web.json;

import io.backprop.web.problem.FieldPath;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ValueDescriptions;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindException;

/**
 * A value in a body breaks a rule that is checked while the body is read.
 *
 * <p>It is one of Jackson's exceptions because those collect the path to the value on their way out.
 */
public final class JsonInputException extends DatabindException {

    private static final long serialVersionUID = 1;

    private final ProblemType type;
    private final boolean sentence;

    private JsonInputException(JsonParser parser, ProblemType type, boolean sentence, String message) {
        super(parser, message);
        this.type = type;
        this.sentence = sentence;
    }

    /** The value is of another kind than it should be: the rule, and what was received. */
    public static JsonInputException mustBe(String rule, JsonParser parser) {
        String message = "must be " + rule + ", but was " + ValueDescriptions.received(parser);
        return new JsonInputException(parser, ProblemType.UNREADABLE_FIELD, false, message);
    }

    /** The value is of another kind than it should be, in a whole sentence. */
    public static JsonInputException unreadable(String message, JsonParser parser) {
        return new JsonInputException(parser, ProblemType.UNREADABLE_FIELD, true, message);
    }

    /** The value can be read, but makes no sense, in a whole sentence. */
    public static JsonInputException invalid(String message, JsonParser parser) {
        return new JsonInputException(parser, ProblemType.INVALID_FIELD, true, message);
    }

    /** The value asks for more than is granted, in a whole sentence. */
    public static JsonInputException tooLarge(String message, JsonParser parser) {
        return new JsonInputException(parser, ProblemType.LIMIT_EXCEEDED, true, message);
    }

    static JsonInputException missing(JsonParser parser) {
        return new JsonInputException(parser, ProblemType.INVALID_FIELD, false, "is required");
    }

    ProblemType type() {
        return type;
    }

    FieldProblem fieldProblem() {
        FieldPath path = FieldPath.of(getPath());
        return sentence
                ? FieldProblem.sentence(path.pointer(), getOriginalMessage())
                : FieldProblem.at(path, getOriginalMessage());
    }
}
