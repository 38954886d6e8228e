package io.backprop.prediction.web;

import io.backprop.limits.RequestLimits;
import io.backprop.model.StorageFullException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds a response until it is complete: the last part in memory, all before it in a temporary file. */
final class SpooledOutputStream extends OutputStream {

    private static final Logger log = LoggerFactory.getLogger(SpooledOutputStream.class);
    private static final int MAX_IN_MEMORY = 1 << 16; // bytes

    private final Spool spool;
    private final RequestLimits limits;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable FileChannel file;
    private long fileLength;
    private long length;

    SpooledOutputStream(Spool spool, RequestLimits limits) {
        this.spool = spool;
        this.limits = limits;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        limits.requireResponse(length + count);
        if (memory.size() + count > MAX_IN_MEMORY) {
            try {
                moveToFile();
            } catch (IOException e) {
                log.warn("Cannot write a temporary file for a response in {}", spool, e);
                throw new StorageFullException("response", e);
            }
        }
        memory.write(bytes, offset, count);
        length += count;
    }

    private void moveToFile() throws IOException {
        if (file == null) {
            file = spool.create();
        }
        spool.acquire(memory.size());
        fileLength += memory.size();
        memory.writeTo(Channels.newOutputStream(file));
        memory.reset();
    }

    long length() {
        return length;
    }

    void copyTo(OutputStream out) throws IOException {
        if (file != null) {
            Channels.newInputStream(file.position(0)).transferTo(out);
        }
        memory.writeTo(out);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
            spool.release(fileLength);
        }
    }
}
