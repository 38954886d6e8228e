package io.backprop.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * What every binary format but that of parameters has around its content.
 *
 * <pre>
 * 0   8  the format's name
 * 8   4  its number
 * 12  8  n, the length of the content
 * 20  n  the content
 * +   4  CRC-32C of all that stands before
 * </pre>
 *
 * <p>All numbers are little-endian.
 *
 * @param name eight letters
 */
record Frame(String name, int format) {

    private static final int NAME = 8;
    private static final int HEADER = NAME + Integer.BYTES + Long.BYTES;
    private static final int OVERHEAD = HEADER + Integer.BYTES;

    /** The bytes of a content, which is put into a buffer of just its length. */
    byte[] write(long length, Consumer<ByteBuffer> content) {
        byte[] bytes = new byte[Math.toIntExact(length + OVERHEAD)];
        ByteBuffer buffer = FloatBlocks.over(bytes);
        buffer.put(name.getBytes(StandardCharsets.US_ASCII)).putInt(format).putLong(length);
        content.accept(buffer.slice(HEADER, (int) length).order(ByteOrder.LITTLE_ENDIAN));
        int end = bytes.length - Integer.BYTES;
        buffer.putInt(end, (int) Checksum.of(ByteBuffer.wrap(bytes, 0, end)));
        return bytes;
    }

    /** The content of bytes that are whole and of this format. */
    ByteBuffer read(byte[] bytes) {
        ByteBuffer buffer = FloatBlocks.over(bytes);
        if (bytes.length < OVERHEAD || !name.equals(new String(bytes, 0, NAME, StandardCharsets.US_ASCII))) {
            throw new DamagedException("it must begin with %s and have at least %d bytes, but has %d"
                    .formatted(name, OVERHEAD, bytes.length));
        }
        int read = buffer.getInt(NAME);
        if (read != format) {
            throw new DamagedException("%s must be of format %d, but is of %d".formatted(name, format, read));
        }
        int length = bytes.length - OVERHEAD;
        if (buffer.getLong(NAME + Integer.BYTES) != length) {
            throw new DamagedException("%s has a length that is not its own".formatted(name));
        }
        int end = bytes.length - Integer.BYTES;
        if (buffer.getInt(end) != (int) Checksum.of(ByteBuffer.wrap(bytes, 0, end))) {
            throw new DamagedException("the checksum of %s does not fit".formatted(name));
        }
        return buffer.slice(HEADER, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The number of the format that bytes say they are of; 0 if they are too few to say. */
    static int formatOf(byte[] bytes) {
        return bytes.length < HEADER ? 0 : FloatBlocks.over(bytes).getInt(NAME);
    }

    static double[] getDoubles(ByteBuffer buffer, int count) {
        requireRemaining(buffer, (long) count * Double.BYTES);
        double[] values = new double[count];
        buffer.asDoubleBuffer().get(values);
        buffer.position(buffer.position() + count * Double.BYTES);
        return values;
    }

    private static void requireRemaining(ByteBuffer buffer, long bytes) {
        if (bytes < 0 || bytes > buffer.remaining()) {
            throw new DamagedException("%d bytes must follow, but there are %d".formatted(bytes, buffer.remaining()));
        }
    }
}
