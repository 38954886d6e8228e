package io.backprop.engine.kernel;

/**
 * Computes matrix products. Has scratch memory that grows with the products, so only one thread at a time may use it; create
 * one per thread, or per part of work that runs on one thread.
 */
public interface MatrixMultiplier {

    /**
     * Computes a range of rows and columns of C. Each element is one chain of {@code fma} in rising order of the depth,
     * starting from its value in S. Elements outside of the range are not modified, so that disjoint ranges may be computed
     * concurrently.
     */
    void multiply(MatrixProduct product, int firstRow, int rows, int firstColumn, int columns);
}
