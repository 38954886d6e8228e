package io.backprop.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.zip.InflaterInputStream;

/** A stream that {@link PartsOutput} has cut into parts. */
final class PartsInput extends InputStream {

    private final Frame frame;
    private final IntFunction<Optional<byte[]>> parts;
    private ByteBuffer part = ByteBuffer.allocate(0);
    private int next;

    /**
     * @param parts gives each part by its place from 0; empty after the last one
     */
    PartsInput(Frame frame, IntFunction<Optional<byte[]>> parts) {
        this.frame = frame;
        this.parts = parts;
    }

    @Override
    public int read() {
        return advance() ? part.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int some = Math.min(length, part.remaining());
        part.get(bytes, offset, some);
        return some;
    }

    private boolean advance() {
        while (!part.hasRemaining()) {
            Optional<byte[]> bytes = parts.apply(next);
            if (bytes.isEmpty()) {
                return false;
            }
            next++;
            ByteBuffer content = frame.read(bytes.get());
            part = content.get() == 1 ? inflated(content) : content;
        }
        return true;
    }

    static InputStream inflating(ByteBuffer content) {
        return new InflaterInputStream(new ByteArrayInputStream(
                content.array(), content.arrayOffset() + content.position(), content.remaining()));
    }

    private static ByteBuffer inflated(ByteBuffer content) {
        try (InputStream in = inflating(content)) {
            return ByteBuffer.wrap(in.readNBytes(PartsOutput.LARGEST));
        } catch (IOException e) {
            throw new DamagedException("a part can't be decompressed", e);
        }
    }
}
