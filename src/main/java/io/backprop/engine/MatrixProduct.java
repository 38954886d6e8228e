package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import io.backprop.engine.kernel.ProductOperands;

/** A matrix product divided among the threads of a training. */
final class MatrixProduct implements ThreadTeam.Task {
    /*
     * C is divided along its longer side into whole tiles of the widest kernel. An element is
     * always one chain on one thread, so the bits do not depend on the number of threads.
     */

    private static final int TILE_ROWS = 12;
    private static final int TILE_COLUMNS = 32;

    /** Multiplications that are worth a part of their own. */
    private static final long PART = 100_000;

    private static final int PARTS_PER_THREAD = 2;

    private final Kernels kernels;
    private final ProductOperands operands = new ProductOperands();
    private int m;
    private int n;
    private int k;
    private int parts;

    MatrixProduct(Kernels kernels) {
        this.kernels = kernels;
    }

    ProductOperands operands() {
        return operands;
    }

    /** Multiplies the operands, of which A is rows × depth and B is depth × columns. */
    void run(ThreadTeam team, int rows, int columns, int depth) {
        m = rows;
        n = columns;
        k = depth;
        long worth = Math.min((long) m * n * k / PART, (long) team.threads() * PARTS_PER_THREAD);
        parts = (int) Math.max(1, Math.min(worth, tiles()));
        team.run(this, parts);
    }

    private boolean byColumns() {
        return n >= m;
    }

    private int tiles() {
        return byColumns() ? (n + TILE_COLUMNS - 1) / TILE_COLUMNS : (m + TILE_ROWS - 1) / TILE_ROWS;
    }

    @Override
    public void part(int part) {
        if (byColumns()) {
            int first = begin(part) * TILE_COLUMNS;
            multiply(0, m, first, Math.min(n, begin(part + 1) * TILE_COLUMNS) - first);
        } else {
            int first = begin(part) * TILE_ROWS;
            multiply(first, Math.min(m, begin(part + 1) * TILE_ROWS) - first, 0, n);
        }
    }

    private int begin(int part) {
        return (int) ((long) tiles() * part / parts);
    }

    private void multiply(int firstRow, int rows, int firstColumn, int columns) {
        operands.initialize(firstRow, rows, firstColumn, columns);
        kernels.multiplyAdd(operands, firstRow, rows, firstColumn, columns, k);
    }
}
