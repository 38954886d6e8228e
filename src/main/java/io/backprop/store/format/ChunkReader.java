package io.backprop.store.format;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Enumeration;
import java.util.zip.InflaterInputStream;

/** Reads the stream that a {@link ChunkedOutputStream} has cut into chunks. Chunks are fetched as they are needed. */
@SuppressWarnings("JdkObsolete") // SequenceInputStream takes an Enumeration
final class ChunkReader implements Enumeration<InputStream> {

    private final Frame frame;
    private final ChunkSource chunks;
    private int next;
    private boolean last;

    private ChunkReader(Frame frame, ChunkSource chunks) {
        this.frame = frame;
        this.chunks = chunks;
    }

    /** Reads part of a value. */
    @FunctionalInterface
    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    /** Reads the beginning of the stream, and no more chunks than that takes. */
    static <T> T readStart(Frame frame, ChunkSource chunks, Reader<T> reader) {
        try {
            return reader.read(new DataInputStream(new SequenceInputStream(new ChunkReader(frame, chunks))));
        } catch (IOException e) {
            throw new CorruptDataException("%s is incomplete".formatted(frame.name()), e);
        }
    }

    /** Reads the whole stream. */
    static <T> T readAll(Frame frame, ChunkSource chunks, Reader<T> reader) {
        return readStart(frame, chunks, in -> {
            T value = reader.read(in);
            if (in.read() >= 0) {
                throw new CorruptDataException("%s is longer than its content".formatted(frame.name()));
            }
            return value;
        });
    }

    @Override
    public boolean hasMoreElements() {
        return !last;
    }

    @Override
    public InputStream nextElement() {
        int index = next++;
        ByteBuffer content = frame.decode(chunks.chunk(index)
                .orElseThrow(
                        () -> new CorruptDataException("chunk %d of %s is missing".formatted(index, frame.name()))));
        if (content.getInt() != index) {
            throw new CorruptDataException("chunk %d of %s is at another index".formatted(index, frame.name()));
        }
        int flags = content.get();
        last = (flags & ChunkedOutputStream.LAST) != 0;
        if (last && chunks.chunk(next).isPresent()) {
            throw new CorruptDataException("chunk %d of %s must be the last one".formatted(index, frame.name()));
        }
        InputStream payload = new ByteArrayInputStream(
                content.array(), content.arrayOffset() + content.position(), content.remaining());
        return (flags & ChunkedOutputStream.COMPRESSED) == 0 ? payload : inflated(payload);
    }

    private InputStream inflated(InputStream compressed) {
        try (InputStream in = new InflaterInputStream(compressed)) {
            return new ByteArrayInputStream(in.readNBytes(ChunkedOutputStream.PAYLOAD));
        } catch (IOException e) {
            throw new CorruptDataException("a chunk of %s cannot be decompressed".formatted(frame.name()), e);
        }
    }
}
