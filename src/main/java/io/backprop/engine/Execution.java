package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import io.backprop.engine.kernel.MatrixProduct;
import java.util.function.IntConsumer;

/** The kernels and threads of one training. Only the training's own thread may use it. */
final class Execution {
    /*
     * Work is divided so that no element depends on the position of a cut; the bits are the same on any number of threads.
     * C of a matrix product is divided along its longer side into whole tiles of the widest kernel, so that each of its
     * elements is one chain on one thread.
     *
     * A training may keep all processors busy. Its threads yield after tens of microseconds of work, so that other threads,
     * such as those of small requests, need not wait for the end of a time slice (PredictionLoadTests).
     */

    /** Minimum number of elements in a part. */
    private static final int PART = 16_384;

    /** Minimum number of multiplications in a part of a product. */
    private static final int PRODUCT_PART = 100_000;

    private static final int PARTS_PER_THREAD = 2;

    /** Number of minimum parts after which a thread yields: about 40 microseconds. */
    private static final int PARTS_UNTIL_YIELD = 16;

    private static final int TILE_ROWS = 12;
    private static final int TILE_COLUMNS = 32;

    private final Kernels kernels;
    private final Range range = new Range();
    private final MatrixProduct operands = new MatrixProduct();
    private final RangeTask multiplyRows = this::multiplyRows;
    private final RangeTask multiplyColumns = this::multiplyColumns;
    private int m; // C is m × n
    private int n;
    private int k; // depth
    private long unyielded; // minimum parts since this thread has yielded
    private ThreadTeam team = new ThreadTeam(Threads.ONE);

    Execution(Kernels kernels) {
        this.kernels = kernels;
    }

    Kernels kernels() {
        return kernels;
    }

    void use(Threads threads) {
        team = new ThreadTeam(threads);
    }

    /** The operands of the next {@link #multiply}; the same object for every product of a training. */
    MatrixProduct operands() {
        return operands;
    }

    /** Multiplies the {@link #operands}, of which A is rows × depth and B is depth × columns. */
    void multiply(int rows, int columns, int depth) {
        m = rows;
        n = columns;
        k = depth;
        long worth = (long) m * n * k / PRODUCT_PART;
        if (n >= m) {
            run(multiplyColumns, (n + TILE_COLUMNS - 1) / TILE_COLUMNS, worth);
        } else {
            run(multiplyRows, (m + TILE_ROWS - 1) / TILE_ROWS, worth);
        }
    }

    private void multiplyColumns(int firstTile, int tiles) {
        int first = firstTile * TILE_COLUMNS;
        multiply(0, m, first, Math.min(n - first, tiles * TILE_COLUMNS));
    }

    private void multiplyRows(int firstTile, int tiles) {
        int first = firstTile * TILE_ROWS;
        multiply(first, Math.min(m - first, tiles * TILE_ROWS), 0, n);
    }

    private void multiply(int firstRow, int rows, int firstColumn, int columns) {
        operands.initialize(firstRow, rows, firstColumn, columns);
        kernels.multiplyAdd(operands, firstRow, rows, firstColumn, columns, k);
    }

    /** Work on a range of rows or other units, independent of all others. */
    @FunctionalInterface
    interface RangeTask {
        void run(int first, int count);
    }

    /**
     * Runs the task for all rows, on several threads if there is enough work.
     *
     * @param rowLength elements per row
     */
    void overRows(int rows, int rowLength, RangeTask task) {
        run(task, rows, (long) rows * rowLength / PART);
    }

    private void run(RangeTask task, int count, long worthParts) {
        range.task = task;
        range.count = count;
        long parts = Math.min(worthParts, (long) team.threads() * PARTS_PER_THREAD);
        range.parts = (int) Math.max(1, Math.min(parts, count));
        boolean isLong = worthParts >= (long) range.parts * PARTS_UNTIL_YIELD;
        team.run(range, range.parts, isLong);
        unyielded += worthParts;
        if (isLong || unyielded >= PARTS_UNTIL_YIELD) {
            unyielded = 0;
            yieldToOthers();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // results do not depend on it
    static void yieldToOthers() {
        Thread.yield();
    }

    private static final class Range implements IntConsumer {
        private RangeTask task = (first, count) -> {};
        private int count;
        private int parts;

        @Override
        public void accept(int part) {
            int first = begin(part);
            task.run(first, begin(part + 1) - first);
        }

        private int begin(int part) {
            return (int) ((long) count * part / parts);
        }
    }
}
