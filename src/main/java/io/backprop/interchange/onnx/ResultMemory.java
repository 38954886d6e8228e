package io.backprop.interchange.onnx;

/**
 * The memory for what is computed while a graph is read, which is limited by the size of its constants. Each operation takes
 * what its result needs, so that a graph of many operations on large constants is rejected.
 */
final class ResultMemory {

    private static final long FREE_BYTES = 1 << 20;

    private long bytesLeft = FREE_BYTES;

    /** Adds the memory for the results that a graph with this constant may need. */
    void allowFor(Constant constant) {
        bytesLeft += 2 * constant.bytes();
    }

    /** Takes memory before it is allocated. */
    void spend(Operation operation, long bytes) {
        bytesLeft -= bytes;
        operation.require(bytesLeft >= 0, "exceeds the memory for constants, of which the file has only few");
    }
}
