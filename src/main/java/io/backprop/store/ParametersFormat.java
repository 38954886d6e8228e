package io.backprop.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A network's parameters as bytes.
 *
 * <pre>
 * 0   8  "BACKPROP"
 * 8   4  format, 1
 * 12  8  n, the number of parameters
 * 20  4n the parameters, float32 each, in the order that NetworkSpec tells
 * +   4  CRC-32C of all that stands before
 * </pre>
 *
 * <p>All numbers are little-endian.
 */
final class ParametersFormat {

    private static final byte[] NAME = "BACKPROP".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT = 1;
    private static final int HEADER = NAME.length + Integer.BYTES + Long.BYTES;
    private static final int OVERHEAD = HEADER + Integer.BYTES;

    private ParametersFormat() {}

    static byte[] write(float[] parameters) {
        byte[] bytes = new byte[Math.addExact(OVERHEAD, Math.multiplyExact(parameters.length, Float.BYTES))];
        ByteBuffer buffer = FloatBlocks.over(bytes);
        buffer.put(NAME).putInt(FORMAT).putLong(parameters.length);
        buffer.asFloatBuffer().put(parameters);
        int end = bytes.length - Integer.BYTES;
        buffer.putInt(end, (int) Checksum.of(ByteBuffer.wrap(bytes, 0, end)));
        return bytes;
    }

    static float[] read(byte[] bytes) {
        ByteBuffer buffer = FloatBlocks.over(bytes);
        byte[] name = new byte[NAME.length];
        if (bytes.length < OVERHEAD || !java.util.Arrays.equals(NAME, read(buffer, name))) {
            throw new DamagedException("parameters must begin with BACKPROP and have at least %d bytes, but have %d"
                    .formatted(OVERHEAD, bytes.length));
        }
        int format = buffer.getInt();
        if (format != FORMAT) {
            throw new DamagedException("parameters must be of format %d, but are of %d".formatted(FORMAT, format));
        }
        long count = buffer.getLong();
        if (count != (bytes.length - OVERHEAD) / Float.BYTES || (bytes.length - OVERHEAD) % Float.BYTES != 0) {
            throw new DamagedException("%d parameters don't make %d bytes".formatted(count, bytes.length));
        }
        int end = bytes.length - Integer.BYTES;
        if (buffer.getInt(end) != (int) Checksum.of(ByteBuffer.wrap(bytes, 0, end))) {
            throw new DamagedException("the checksum of the parameters does not fit");
        }
        float[] parameters = new float[(int) count];
        buffer.asFloatBuffer().get(parameters);
        return parameters;
    }

    private static byte[] read(ByteBuffer buffer, byte[] into) {
        buffer.get(into);
        return into;
    }
}
