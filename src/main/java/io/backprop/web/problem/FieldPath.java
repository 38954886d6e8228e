package io.backprop.web.problem;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamContext;

/**
 * The path from the root of a JSON document to a value: names of fields and positions in lists.
 *
 * @param pointer JSON pointer (RFC 6901), {@code /hidden/0/units}
 * @param name the path as used in sentences, {@code hidden[0].units}
 */
public record FieldPath(String pointer, String name) {

    static final FieldPath ROOT = new FieldPath("", "");

    private static final int MAX_NAME_LENGTH = 60;

    public static FieldPath of(List<JacksonException.Reference> references) {
        FieldPath path = ROOT;
        for (JacksonException.Reference reference : references) {
            if (reference.getPropertyName() != null) {
                path = path.field(reference.getPropertyName());
            } else if (reference.getIndex() >= 0) {
                path = path.position(reference.getIndex());
            }
        }
        return path;
    }

    /** The path to the current token of a parser. */
    public static FieldPath of(TokenStreamContext context) {
        TokenStreamContext parent = context.getParent();
        FieldPath path = parent == null ? ROOT : of(parent);
        if (context.inObject() && context.currentName() != null) {
            return path.field(context.currentName());
        }
        return context.inArray() ? path.position(context.getCurrentIndex()) : path;
    }

    public FieldPath field(String field) {
        String step = ValueDescriptions.shorten(field, MAX_NAME_LENGTH);
        return new FieldPath(
                pointer + "/" + step.replace("~", "~0").replace("/", "~1"), name.isEmpty() ? step : name + "." + step);
    }

    FieldPath position(int index) {
        return new FieldPath(pointer + "/" + index, name + "[" + index + "]");
    }
}
