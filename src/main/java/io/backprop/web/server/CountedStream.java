package io.backprop.web.server;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.UnreadableBodyException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** May be read up to a limit, and tells how much has been. */
final class CountedStream extends FilterInputStream {

    private final long limit;
    private final LongConsumer reading;
    private long count;

    /** @param reading told of the bytes of each part */
    CountedStream(InputStream source, long limit, LongConsumer reading) {
        super(source);
        this.limit = limit;
        this.reading = reading;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        count(next < 0 ? 0 : 1);
        return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count(Math.max(read, 0));
        return read;
    }

    private void count(int read) throws UnreadableBodyException {
        count += read;
        if (count > limit) {
            throw new UnreadableBodyException(
                    ProblemType.BODY_TOO_LARGE, "the body must have at most " + limit + " bytes, but has more");
        }
        reading.accept(read);
    }

    @Override
    public long skip(long count) throws IOException {
        return Math.max(0, read(new byte[(int) Math.min(count, 8192)]));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
