package io.backprop.store.format;

import java.nio.FloatBuffer;

/** The parameters of a network: float32 each, in the order defined by {@code NetworkSpec}, in a {@link Frame}. */
public final class ParametersFormat {

    private static final Frame FRAME = new Frame("BPPARAMS", 1);

    private ParametersFormat() {}

    public static byte[] write(float[] parameters) {
        return FRAME.encode(
                (long) parameters.length * Float.BYTES,
                content -> content.asFloatBuffer().put(parameters));
    }

    public static float[] read(byte[] bytes) {
        FloatBuffer content = FRAME.decode(bytes).asFloatBuffer();
        float[] parameters = new float[content.remaining()];
        content.get(parameters);
        return parameters;
    }
}
