package io.backprop.web.json;

import io.backprop.web.problem.FieldPath;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ValueDescriptions;
import org.springframework.http.ProblemDetail;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindException;

/**
 * A value in a JSON body violates a rule that is checked while the body is read. As an exception of Jackson, it collects
 * the path to the value.
 */
public final class JsonInputException extends DatabindException {

    private static final long serialVersionUID = 1;

    private final transient ProblemType type;
    private final boolean sentence;

    private JsonInputException(JsonParser parser, ProblemType type, boolean sentence, String message) {
        super(parser, message);
        this.type = type;
        this.sentence = sentence;
    }

    /** The value has the wrong type. */
    public static JsonInputException mustBe(String rule, JsonParser parser) {
        String message = "must be " + rule + ", but was " + ValueDescriptions.received(parser);
        return new JsonInputException(parser, ProblemType.UNREADABLE_FIELD, false, message);
    }

    /**
     * The value of the right type breaks a rule.
     *
     * @param message a whole sentence
     */
    static JsonInputException invalid(String message, JsonParser parser) {
        return of(ProblemType.INVALID_FIELD, message, parser);
    }

    /**
     * The value breaks a rule.
     *
     * @param message a whole sentence
     */
    public static JsonInputException of(ProblemType type, String message, JsonParser parser) {
        return new JsonInputException(parser, type, true, message);
    }

    /** The same problem with a remedy at its end. */
    JsonInputException with(String remedy, JsonParser parser) {
        JsonInputException extended = new JsonInputException(parser, type, sentence, getOriginalMessage() + remedy);
        for (int i = getPath().size() - 1; i >= 0; i--) {
            extended.prependPath(getPath().get(i));
        }
        return extended;
    }

    ProblemDetail problem() {
        FieldPath path = FieldPath.of(getPath());
        return type.problem(
                sentence
                        ? FieldProblem.sentence(path.pointer(), getOriginalMessage())
                        : FieldProblem.at(path, getOriginalMessage()));
    }
}
