package io.backprop.store;

import io.backprop.engine.Vector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Little-endian numbers in streams, of which no more than a block is in memory besides themselves. */
final class FloatBlocks {

    private static final int BLOCK = 16 << 10;

    private FloatBlocks() {}

    static void write(OutputStream out, Vector values) throws IOException {
        byte[] block = new byte[BLOCK * Float.BYTES];
        for (int first = 0; first < values.size(); first += BLOCK) {
            int end = Math.min(values.size(), first + BLOCK);
            ByteBuffer buffer = over(block);
            for (int i = first; i < end; i++) {
                buffer.putFloat(values.get(i));
            }
            out.write(block, 0, buffer.position());
        }
    }

    static Vector read(InputStream in, int count) throws IOException {
        return Vector.wrap(readValues(in, count));
    }

    static float[] readValues(InputStream in, int count) throws IOException {
        requireCount(count);
        float[] values = new float[count];
        for (int first = 0; first < count; first += BLOCK) {
            int some = Math.min(count - first, BLOCK);
            readBytes(in, some * Float.BYTES).asFloatBuffer().get(values, first, some);
        }
        return values;
    }

    static ByteBuffer readBytes(InputStream in, int count) throws IOException {
        requireCount(count);
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new DamagedException("%d bytes must follow, but there are %d".formatted(count, bytes.length));
        }
        return over(bytes);
    }

    static void requireEnd(InputStream in) throws IOException {
        if (in.read() >= 0) {
            throw new DamagedException("nothing must follow, but there is more");
        }
    }

    private static void requireCount(int count) {
        if (count < 0) {
            throw new DamagedException("how much follows must be at least 0, but is %d".formatted(count));
        }
    }

    static ByteBuffer over(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
