package io.backprop.driver;

import io.backprop.engine.Vector;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Bulk transfer of float32 values, in blocks because {@code DataOutputStream} handles one value per call. */
public final class Floats {

    private static final int BLOCK = 16 << 10;

    private Floats() {}

    public static void write(OutputStream out, Vector values) throws IOException {
        for (int first = 0; first < values.size(); first += BLOCK) {
            int end = Math.min(values.size(), first + BLOCK);
            ByteBuffer block = ByteBuffer.allocate((end - first) * Float.BYTES);
            for (int i = first; i < end; i++) {
                block.putFloat(values.get(i));
            }
            out.write(block.array());
        }
    }

    public static void write(OutputStream out, float[] values) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(values.length * Float.BYTES);
        block.asFloatBuffer().put(values);
        out.write(block.array());
    }

    public static float[] read(InputStream in, int count) throws IOException {
        float[] values = new float[count];
        for (int first = 0; first < count; first += BLOCK) {
            int length = Math.min(count - first, BLOCK);
            byte[] block = in.readNBytes(length * Float.BYTES);
            if (block.length < length * Float.BYTES) {
                throw new EOFException();
            }
            ByteBuffer.wrap(block).asFloatBuffer().get(values, first, length);
        }
        return values;
    }
}
