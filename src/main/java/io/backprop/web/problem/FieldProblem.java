package io.backprop.web.problem;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * An invalid value of a request.
 *
 * @param pointer JSON pointer to a value in the body
 * @param parameter name of a parameter of the URL or of a header, if there is no pointer
 * @param detail a sentence without its subject, {@code must be at least 1, but was 0}, or a whole sentence
 * @param sentence the detail as a whole sentence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldProblem(
        @Nullable String pointer,
        @Nullable String parameter,
        String detail,
        @JsonIgnore String sentence) {

    public FieldProblem {
        detail = ValueDescriptions.shorten(detail, ValueDescriptions.MAX_MESSAGE_LENGTH);
        sentence = ValueDescriptions.shorten(sentence, ValueDescriptions.MAX_MESSAGE_LENGTH);
    }

    public static FieldProblem at(FieldPath path, String detail) {
        return new FieldProblem(
                path.pointer(), null, detail, (path.name().isEmpty() ? "the body" : path.name()) + " " + detail);
    }

    /**
     * A problem of a field that is described by a whole sentence.
     *
     * @param field name of a field, JSON pointer, or empty for the whole body
     */
    public static FieldProblem sentence(String field, @Nullable String sentence) {
        String pointer = field.isEmpty() || field.startsWith("/") ? field : "/" + field;
        return new FieldProblem(pointer, null, String.valueOf(sentence), String.valueOf(sentence));
    }

    public static FieldProblem parameter(String name, String detail) {
        return new FieldProblem(null, name, detail, name + " " + detail);
    }
}
