package io.backprop.store.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Cuts a stream into chunks, each in a {@link Frame}.
 *
 * <pre>
 * 0   4  index of the chunk, from 0
 * 4   1  flags: 1 payload is compressed (zlib, RFC 1950), 2 last chunk
 * 5   n  payload, up to 1 MiB of the stream
 * </pre>
 */
final class ChunkedOutputStream extends OutputStream {
    /*
     * Compressing floats with many significant digits saves only 10 to 20 % but takes ten times as long as storing
     * them. A chunk is compressed only if its beginning shrinks to half; TrainingFormatsTests covers both cases.
     */

    static final int COMPRESSED = 1;
    static final int LAST = 2;
    static final int PAYLOAD = 1 << 20;
    static final int HEADER = Integer.BYTES + 1;

    private static final int SAMPLE = 1 << 15;
    private static final int MIN_BUFFER = 1 << 12;

    private final Frame frame;
    private final Consumer<byte[]> chunks;
    private byte[] buffer = new byte[MIN_BUFFER]; // grows, since most streams are short
    private int used;
    private int index;

    /**
     * Creates a stream.
     *
     * @param chunks receives each chunk in turn
     */
    ChunkedOutputStream(Frame frame, Consumer<byte[]> chunks) {
        this.frame = frame;
        this.chunks = chunks;
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
            if (used == PAYLOAD) {
                emit(0);
            }
            if (used == buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(2 * used, PAYLOAD));
            }
            int count = Math.min(end - from, buffer.length - used);
            System.arraycopy(bytes, from, buffer, used, count);
            from += count;
            used += count;
        }
    }

    /** Writes the last chunk. Not part of {@link #close()}, which is also called after failures. */
    void finish() {
        emit(LAST);
    }

    private void emit(int flags) {
        boolean compress = used <= SAMPLE || compressed(SAMPLE).length < SAMPLE / 2;
        byte[] shorter = compress ? compressed(used) : buffer;
        int length = compress ? shorter.length : used;
        int index = this.index++;
        chunks.accept(frame.encode(
                HEADER + length,
                content -> content.putInt(index)
                        .put((byte) (compress ? flags | COMPRESSED : flags))
                        .put(shorter, 0, length)));
        used = 0;
    }

    private byte[] compressed(int length) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(length / 2);
        try (OutputStream out = new DeflaterOutputStream(compressed, deflater, SAMPLE)) {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw new IllegalStateException(e); // not thrown by streams in memory
        } finally {
            deflater.end();
        }
        return compressed.toByteArray();
    }
}
