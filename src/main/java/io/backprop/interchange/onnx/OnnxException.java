package io.backprop.interchange.onnx;

import java.util.Locale;

/** A file is not an ONNX model, or not one that can be represented as a network. The message is meant for clients. */
public final class OnnxException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final int MAX_QUOTED = 100; // characters

    OnnxException(String message) {
        super(message);
    }

    /** Throws with the formatted message unless {@code rule} is true. */
    static void require(boolean rule, String format, Object... received) {
        if (!rule) {
            throw new OnnxException(String.format(Locale.ROOT, format, received));
        }
    }

    /** A name from a file, in quotation marks and of limited length. */
    static String quote(String name) {
        return name.length() <= MAX_QUOTED ? '"' + name + '"' : '"' + name.substring(0, MAX_QUOTED) + "…\"";
    }
}
