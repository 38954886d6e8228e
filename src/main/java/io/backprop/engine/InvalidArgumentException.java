package io.backprop.engine;

import java.util.Locale;

/** An argument breaks a rule; the message names the argument, the rule and what was received. */
public class InvalidArgumentException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    public InvalidArgumentException(String message) {
        super(message);
    }

    /** Throws with the formatted message unless the rule holds. */
    public static void requireArgument(boolean rule, String format, Object... received) {
        if (!rule) {
            throw new InvalidArgumentException(String.format(Locale.ROOT, format, received));
        }
    }
}
