package io.backprop.interchange;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A file is not a model that can be imported. */
public class ModelFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message names the part of the file, the rule and what was found */
    public ModelFileException(String message) {
        this(message, null);
    }

    public ModelFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Throws with the formatted message unless {@code rule} is true. */
    public static void require(boolean rule, String format, Object... received) {
        if (!rule) {
            throw new ModelFileException(String.format(Locale.ROOT, format, received));
        }
    }
}
