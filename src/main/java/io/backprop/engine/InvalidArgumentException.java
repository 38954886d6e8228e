package io.backprop.engine;

import java.util.Locale;

/** Thrown for an invalid argument. The message contains the name of the argument, the rule and the received value. */
public class InvalidArgumentException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    public InvalidArgumentException(String message) {
        super(message);
    }

    /** Throws with the formatted message unless {@code rule} is true. */
    public static void requireArgument(boolean rule, String format, Object... received) {
        if (!rule) {
            throw new InvalidArgumentException(String.format(Locale.ROOT, format, received));
        }
    }

    /** Throws unless {@code value} is at least {@code least}. */
    public static void requireAtLeast(long least, long value, String name) {
        requireArgument(value >= least, "%s must be at least %d, but was %d", name, least, value);
    }

    /** Throws unless {@code value} is finite and greater than 0. */
    public static void requirePositive(float value, String name) {
        requireFinite(value, name);
        requireArgument(value > 0, "%s must be greater than 0, but was %s", name, value);
    }

    /** Throws unless {@code value} is finite and at least 0. */
    public static void requireNotNegative(float value, String name) {
        requireFinite(value, name);
        requireArgument(value >= 0, "%s must be at least 0, but was %s", name, value);
    }

    /** Throws unless {@code value} is in [0, 1). */
    public static void requireShare(float value, String name) {
        requireArgument(value >= 0 && value < 1, "%s must be at least 0 and less than 1, but was %s", name, value);
    }

    private static void requireFinite(float value, String name) {
        requireArgument(Float.isFinite(value), "%s must be finite, but was %s", name, value);
    }
}
