package io.backprop.web.problem;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamContext;

/** The path from the root of a JSON document to a value: names of fields and positions in lists. */
public final class FieldPath {

    private static final int MAX_NAME_LENGTH = 60;

    private final List<Object> steps = new ArrayList<>();

    public static FieldPath of(List<JacksonException.Reference> references) {
        FieldPath path = new FieldPath();
        for (JacksonException.Reference reference : references) {
            if (reference.getPropertyName() != null) {
                path.field(reference.getPropertyName());
            } else if (reference.getIndex() >= 0) {
                path.position(reference.getIndex());
            }
        }
        return path;
    }

    /** The path to the current token of a parser. */
    public static FieldPath of(TokenStreamContext context) {
        TokenStreamContext parent = context.getParent();
        FieldPath path = parent == null ? new FieldPath() : of(parent);
        if (context.inObject() && context.currentName() != null) {
            path.field(context.currentName());
        } else if (context.inArray()) {
            path.position(context.getCurrentIndex());
        }
        return path;
    }

    public FieldPath field(String name) {
        steps.add(ValueDescriptions.shorten(name, MAX_NAME_LENGTH));
        return this;
    }

    FieldPath position(int index) {
        steps.add(index);
        return this;
    }

    /** Returns the JSON pointer (RFC 6901): {@code /hidden/0/units}. */
    public String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (Object step : steps) {
            pointer.append('/').append(step.toString().replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }

    /** Returns the path as used in sentences: {@code hidden[0].units}. */
    String name() {
        StringBuilder name = new StringBuilder();
        for (Object step : steps) {
            if (step instanceof Integer) {
                name.append('[').append(step).append(']');
            } else {
                name.append(name.isEmpty() ? "" : ".").append(step);
            }
        }
        return name.isEmpty() ? "the body" : name.toString();
    }
}
