package io.backprop.web.server;

import io.backprop.limits.ComputeBudget;
import java.io.IOException;
import java.io.InputStream;

/** A body that is decoded with a permit to compute once it is large, and read without one. */
final class BlockStream extends InputStream {
    /*
     * A large body is read in blocks, each of which is decoded in half a millisecond. Reads of the usual 8 KB would spend
     * a good part of the time on passing on the permit. A reader of many bytes at once takes them as they are, such as
     * binary numbers, in less time than it takes to pass on the permit (InferenceThroughput in src/bench).
     */

    private static final int BLOCK = 1 << 16; // bytes
    private static final int BULK = 1 << 14; // bytes of a read, more than the buffers of those who decode
    private static final byte[] NONE = {};

    private final InputStream source;
    private final ComputeBudget compute;
    private long count;
    private byte[] block = NONE;
    private int position; // in the block
    private int end;

    BlockStream(InputStream source, ComputeBudget compute) {
        this.source = source;
        this.compute = compute;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (position == end) {
            compute.release();
            if (!ComputeBudget.isLargeBody(count)) {
                int read = source.read(buffer, offset, length);
                count += Math.max(read, 0);
                return read;
            }
            if (length >= BULK) {
                int read = source.readNBytes(buffer, offset, length);
                return read == 0 ? -1 : read;
            }
            block = block.length == 0 ? new byte[BLOCK] : block;
            position = 0;
            end = source.readNBytes(block, 0, BLOCK);
            if (end == 0) {
                block = NONE; // the stream may be kept until the answer
                return -1;
            }
            compute.acquire();
        }
        int copied = Math.min(length, end - position);
        System.arraycopy(block, position, buffer, offset, copied);
        position += copied;
        return copied;
    }
}
