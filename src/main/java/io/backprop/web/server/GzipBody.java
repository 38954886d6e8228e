package io.backprop.web.server;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.UnreadableBodyException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Decompresses a body of one or more gzip members. */
final class GzipBody extends GZIPInputStream {
    /*
     * The JDK's stream reports the end of the data after a member if the network pauses, if reading the header of the
     * next member fails, and if other data follows; and it recurses for each empty member. A table would be cut without
     * notice, or the stack overflow. EncodedBodyTests shows each.
     */

    private static final int BUFFER_SIZE = 8192;
    private static final int TRAILER_LENGTH = 8;
    private static final int MAX_EMPTY_MEMBERS = 100; // in sequence

    private final LimitedStream source;
    private long countAtFill; // the bytes of trailers and headers are read after it
    private final CompressionRatio ratio;
    private int depth;

    private GzipBody(LimitedStream source, CompressionRatio ratio) throws IOException {
        super(source, BUFFER_SIZE);
        this.source = source;
        this.ratio = ratio;
    }

    /** Opens a body. */
    static InputStream open(LimitedStream source, CompressionRatio ratio) throws IOException {
        try {
            return new GzipBody(source, ratio);
        } catch (ZipException e) {
            throw invalid(e.getMessage());
        } catch (EOFException e) {
            throw invalid("truncated");
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (depth == MAX_EMPTY_MEMBERS) {
            throw invalid("more than " + MAX_EMPTY_MEMBERS + " empty members in sequence");
        }
        depth++;
        try {
            int count = super.read(buffer, offset, length);
            if (count < 0) {
                requireComplete();
            } else if (depth == 1) {
                ratio.add(count, source.count());
            }
            return count;
        } catch (ZipException e) {
            throw invalid(e.getMessage());
        } catch (EOFException e) { // which would be taken for a client that has disconnected
            throw source.failure() == null ? invalid("truncated") : e;
        } finally {
            depth--;
        }
    }

    @Override
    protected void fill() throws IOException {
        super.fill();
        countAtFill = source.count();
    }

    private void requireComplete() throws IOException {
        IOException failure = source.failure();
        if (failure != null) {
            throw failure;
        }
        if (inf.getRemaining() + source.count() - countAtFill > TRAILER_LENGTH) {
            throw invalid("data after the last member");
        }
    }

    private static UnreadableBodyException invalid(@Nullable String reason) {
        return new UnreadableBodyException(ProblemType.UNREADABLE_BODY, "the body is not valid gzip: " + reason);
    }
}
