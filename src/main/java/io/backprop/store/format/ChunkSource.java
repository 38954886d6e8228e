package io.backprop.store.format;

import java.util.Optional;

/** The stored chunks of a stream. */
@FunctionalInterface
public interface ChunkSource {

    /**
     * Returns a chunk.
     *
     * @param index from 0
     * @return empty after the last chunk
     */
    Optional<byte[]> chunk(int index);
}
