package io.backprop.store.format;

import io.backprop.engine.Vector;
import java.io.IOException;
import java.util.function.Consumer;

/** The parameters of a network, as a stream in chunks: float32 each, in the order defined by {@code NetworkSpec}. */
public final class ParametersFormat {

    private static final Frame FRAME = new Frame("BPPARAMS", 1);

    private ParametersFormat() {}

    /**
     * Writes parameters.
     *
     * @param chunks receives each chunk in turn
     */
    public static void write(Vector parameters, Consumer<byte[]> chunks) {
        ChunkedOutputStream stream = new ChunkedOutputStream(FRAME, chunks);
        try {
            Floats.write(stream, parameters);
        } catch (IOException e) {
            throw new IllegalStateException(e); // not thrown by chunks
        }
        stream.finish();
    }

    /** Reads as many parameters as the network has, one chunk at a time. */
    public static Vector read(ChunkSource chunks, int count) {
        return ChunkReader.readAll(FRAME, chunks, in -> Vector.wrap(Floats.read(in, count)));
    }
}
