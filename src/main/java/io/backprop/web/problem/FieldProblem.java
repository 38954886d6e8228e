package io.backprop.web.problem;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one value.
 *
 * @param pointer to a value in the body
 * @param parameter of the URL or a header's name, instead of a pointer
 * @param detail without the value's name, {@code must be at least 1, but was 0}, or a whole sentence
 * @param sentence the same as a whole sentence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldProblem(
        @Nullable String pointer,
        @Nullable String parameter,
        String detail,
        @JsonIgnore String sentence) {

    public FieldProblem {
        detail = Received.shorten(detail, Received.LONGEST_MESSAGE);
        sentence = Received.shorten(sentence, Received.LONGEST_MESSAGE);
    }

    public static FieldProblem at(FieldPath path, String detail) {
        return new FieldProblem(path.pointer(), null, detail, path.name() + " " + detail);
    }

    public static FieldProblem sentence(String pointer, String sentence) {
        return new FieldProblem(pointer, null, sentence, sentence);
    }

    static FieldProblem parameter(String name, String detail) {
        return new FieldProblem(null, name, detail, name + " " + detail);
    }
}
