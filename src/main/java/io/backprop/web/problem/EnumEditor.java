package io.backprop.web.problem;

import java.beans.PropertyEditorSupport;
import java.util.Locale;

/** Accepts the constants of an enum in lower case in URLs; Spring itself takes the names of the constants, and only them. */
public final class EnumEditor<E extends Enum<E>> extends PropertyEditorSupport {

    private final Class<E> type;

    public EnumEditor(Class<E> type) {
        this.type = type;
    }

    @Override
    public void setAsText(String text) {
        if (!text.equals(text.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("must be in lower case, but was \"" + text + '"');
        }
        setValue(Enum.valueOf(type, text.toUpperCase(Locale.ROOT)));
    }
}
