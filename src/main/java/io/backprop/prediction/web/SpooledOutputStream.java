package io.backprop.prediction.web;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.backprop.limits.RequestLimits;
import io.backprop.model.StorageFullException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An answer until it is complete: in memory, and if it gets long in a temporary file, which is gone when it is closed. */
final class SpooledOutputStream extends OutputStream {
    /*
     * The file is opened to be deleted on close, which on Unix means that it has no name from the beginning: nothing is
     * left of it even if the process is killed.
     */

    private static final Logger log = LoggerFactory.getLogger(SpooledOutputStream.class);
    private static final int IN_MEMORY = 1 << 20;

    private final Path folder;
    private final RequestLimits limits;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable FileChannel file;
    private long length;

    SpooledOutputStream(Path folder, RequestLimits limits) {
        this.folder = folder;
        this.limits = limits;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        limits.requireResponse(length + count);
        if (memory.size() + count > IN_MEMORY) {
            try {
                moveToFile();
            } catch (IOException e) {
                log.warn("A file for an answer could not be written in {}", folder, e);
                throw new StorageFullException("answer until it is complete", e);
            }
        }
        memory.write(bytes, offset, count);
        length += count;
    }

    private void moveToFile() throws IOException {
        if (file == null) {
            Path path = folder.resolve("backprop-" + UUID.randomUUID());
            file = FileChannel.open(path, CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE);
        }
        ByteBuffer bytes = ByteBuffer.wrap(memory.toByteArray());
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        memory.reset();
    }

    long length() {
        return length;
    }

    void copyTo(OutputStream out) throws IOException {
        if (file != null) {
            ByteBuffer part = ByteBuffer.allocate(1 << 16);
            for (file.position(0); file.read(part) >= 0; part.clear()) {
                out.write(part.array(), 0, part.position());
            }
        }
        memory.writeTo(out);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
