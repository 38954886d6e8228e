package io.backprop.web.server;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.UnreadableBodyException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A body that fails once it has returned more bytes than a limit. */
final class LimitedStream extends InputStream {

    private final InputStream source;
    private final long limit;
    private final LongConsumer counter;
    private long count;
    private boolean atEnd;
    private @Nullable IOException failure;

    /**
     * Limits a stream.
     *
     * @param counter receives the number of bytes of each read
     */
    LimitedStream(InputStream source, long limit, LongConsumer counter) {
        this.source = source;
        this.limit = limit;
        this.counter = counter;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int read = source.read(buffer, offset, length);
            atEnd = read < 0;
            count += Math.max(read, 0);
            if (count > limit) {
                throw new UnreadableBodyException(
                        ProblemType.BODY_TOO_LARGE, "the body must have at most " + limit + " bytes, but has more");
            }
            counter.accept(Math.max(read, 0));
            return read;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Returns 0 only after the end; a read may block before. */
    @Override
    public int available() {
        return atEnd ? 0 : 1;
    }

    /** The number of bytes that have been read. */
    long count() {
        return count;
    }

    /** The exception that the last read has thrown. */
    @Nullable
    IOException failure() {
        return failure;
    }
}
