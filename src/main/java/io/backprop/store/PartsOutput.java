package io.backprop.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Cuts a stream into parts, so that no more than one is in memory, and compresses those that can be; each part in a
 * {@link Frame}.
 *
 * <pre>
 * 0   1  1 if what follows is in the format of zlib, RFC 1950, else 0
 * 1   n  up to 1 MiB of the stream
 * </pre>
 */
final class PartsOutput extends OutputStream {
    /*
     * Numbers of many digits get shorter by a tenth or two at most, by their exponents, and that takes ten times as long as
     * storing them: only what gets half as long is compressed, as the beginning of a part shows.
     */

    static final int LARGEST = 1 << 20;

    private static final int SAMPLE = 1 << 15;
    private static final double WORTH_IT = 0.5;

    private final Frame frame;
    private final Consumer<byte[]> parts;
    private final byte[] part = new byte[LARGEST];
    private int used;

    PartsOutput(Frame frame, Consumer<byte[]> parts) {
        this.frame = frame;
        this.parts = parts;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int from = offset;
        int end = offset + length;
        while (from < end) {
            int some = Math.min(end - from, LARGEST - used);
            System.arraycopy(bytes, from, part, used, some);
            from += some;
            used += some;
            if (used == LARGEST) {
                flush();
            }
        }
    }

    /** Ends a part, and must be called after the last one; not by closing, which goes with failures as well. */
    @Override
    public void flush() {
        if (used == 0) {
            return;
        }
        boolean worthIt = used <= SAMPLE || compressed(SAMPLE).remaining() < WORTH_IT * SAMPLE;
        ByteBuffer shorter = worthIt ? compressed(used) : null;
        ByteBuffer written = shorter == null ? ByteBuffer.wrap(part, 0, used) : shorter;
        parts.accept(frame.write(
                1L + written.remaining(),
                content -> content.put((byte) (shorter == null ? 0 : 1)).put(written)));
        used = 0;
    }

    private ByteBuffer compressed(int length) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (ByteArrayOutputStream compressed = new ByteArrayOutputStream(length / 2)) {
            try (OutputStream out = new DeflaterOutputStream(compressed, deflater, SAMPLE)) {
                out.write(part, 0, length);
            }
            return ByteBuffer.wrap(compressed.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory has no such failures
        } finally {
            deflater.end();
        }
    }
}
