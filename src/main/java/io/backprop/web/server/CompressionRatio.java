package io.backprop.web.server;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.UnreadableBodyException;

/** Limits the size of a body after decompression, relative to its size before. A small body may have any ratio. */
final class CompressionRatio {

    private static final int UNCHECKED_SIZE = 4 << 20; // bytes

    private final int limit;
    private long decompressed;

    CompressionRatio(int limit) {
        this.limit = limit;
    }

    /**
     * Counts bytes after decompression.
     *
     * @param compressed the bytes of the source that have been read so far
     */
    void add(int count, long compressed) throws UnreadableBodyException {
        decompressed += count;
        if (decompressed > UNCHECKED_SIZE && decompressed > limit * compressed) {
            throw new UnreadableBodyException(
                    ProblemType.BODY_TOO_LARGE,
                    "the body must be at most %d times as long after decompression as before (backprop.limits.compression-ratio); send it without compression"
                            .formatted(limit));
        }
    }
}
