package io.backprop.store.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Header and checksum around the content of a binary value.
 *
 * <pre>
 * 0   8  name of the format, ASCII
 * 8   4  version of the format
 * 12  n  content
 * +   4  CRC-32C of all preceding bytes
 * </pre>
 *
 * <p>All numbers are big-endian.
 *
 * @param name 8 ASCII characters
 */
record Frame(String name, int version) {

    private static final int NAME = 8;
    private static final int HEADER = NAME + Integer.BYTES;
    private static final int OVERHEAD = HEADER + Integer.BYTES;

    /**
     * Returns framed content.
     *
     * @param length of the content in bytes
     * @param content writes the content into a buffer of that length
     */
    byte[] encode(long length, Consumer<ByteBuffer> content) {
        byte[] bytes = new byte[Math.toIntExact(length + OVERHEAD)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.put(name.getBytes(StandardCharsets.US_ASCII)).putInt(version);
        content.accept(buffer.slice(HEADER, (int) length));
        int end = bytes.length - Integer.BYTES;
        buffer.putInt(end, (int) Checksum.of(buffer.slice(0, end)));
        return bytes;
    }

    /**
     * Returns the content of a frame after checking its name, checksum and version. All versions have the same header and
     * checksum.
     */
    ByteBuffer decode(byte[] bytes) {
        if (bytes.length < OVERHEAD || !name.equals(new String(bytes, 0, NAME, StandardCharsets.US_ASCII))) {
            throw new CorruptDataException("data must start with %s and have at least %d bytes, but has %d bytes"
                    .formatted(name, OVERHEAD, bytes.length));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int end = bytes.length - Integer.BYTES;
        if (buffer.getInt(end) != (int) Checksum.of(buffer.slice(0, end))) {
            throw new CorruptDataException("the checksum of %s does not match".formatted(name));
        }
        int found = buffer.getInt(NAME);
        if (found > version) {
            throw new NewerFormatException(name, version, found);
        }
        if (found < version) {
            throw new CorruptDataException(
                    "%s must have format version %d, but has version %d".formatted(name, version, found));
        }
        return buffer.slice(HEADER, end - HEADER);
    }
}
