package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import io.backprop.engine.kernel.MatrixMultiplier;
import io.backprop.engine.kernel.MatrixProduct;
import java.util.Arrays;
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

    private static final RangeTask NOTHING = (first, count) -> {};

    private static final int TILE_ROWS = 12;
    private static final int TILE_COLUMNS = 32;

    private final Kernels kernels;
    private MatrixProduct product = new MatrixProduct();
    private final IntConsumer multiplyRows = this::multiplyRows;
    private final IntConsumer multiplyColumns = this::multiplyColumns;
    private final IntConsumer runRange = this::runRange;
    private MatrixMultiplier[] multipliers; // by part
    private int m; // C is m × n
    private int n;
    private RangeTask task = NOTHING;
    private int count; // of rows, or tiles, which are divided among the parts
    private int parts;
    private long unyielded; // minimum parts since this thread has yielded
    private ThreadTeam team = new ThreadTeam(Threads.ONE);

    Execution(Kernels kernels) {
        this.kernels = kernels;
        this.multipliers = multipliers();
    }

    Kernels kernels() {
        return kernels;
    }

    void use(Threads threads) {
        team = new ThreadTeam(threads);
        multipliers = multipliers();
    }

    private MatrixMultiplier[] multipliers() {
        MatrixMultiplier[] created = new MatrixMultiplier[maxParts()];
        Arrays.setAll(created, part -> kernels.matrixMultiplier());
        return created;
    }

    private int maxParts() {
        return team.threads() == 1 ? 1 : team.threads() * PARTS_PER_THREAD;
    }

    /** The next product to {@link #multiply}; the same object for every product of a training. */
    MatrixProduct product() {
        return product;
    }

    /** Computes the {@link #product}, of which C is rows × columns. */
    void multiply(int rows, int columns) {
        m = rows;
        n = columns;
        long worth = (long) m * n * product.depth() / PRODUCT_PART;
        if (n >= m) {
            run(multiplyColumns, (n + TILE_COLUMNS - 1) / TILE_COLUMNS, worth);
        } else {
            run(multiplyRows, (m + TILE_ROWS - 1) / TILE_ROWS, worth);
        }
    }

    private void multiplyColumns(int part) {
        int first = begin(part) * TILE_COLUMNS;
        int end = Math.min(n, begin(part + 1) * TILE_COLUMNS);
        multipliers[part].multiply(product, 0, m, first, end - first);
    }

    private void multiplyRows(int part) {
        int first = begin(part) * TILE_ROWS;
        int end = Math.min(m, begin(part + 1) * TILE_ROWS);
        multipliers[part].multiply(product, first, end - first, 0, n);
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
        this.task = task;
        run(runRange, rows, (long) rows * rowLength / PART);
    }

    /**
     * Runs the task for a number of units, on several threads if there is enough work.
     *
     * @param multiplications in all units together
     */
    void overUnits(int units, long multiplications, RangeTask task) {
        this.task = task;
        run(runRange, units, multiplications / PRODUCT_PART);
    }

    private void runRange(int part) {
        int first = begin(part);
        task.run(first, begin(part + 1) - first);
    }

    private void run(IntConsumer work, int count, long worthParts) {
        this.count = count;
        parts = (int) Math.max(1, Math.min(Math.min(worthParts, maxParts()), count));
        boolean isLong = worthParts >= (long) parts * PARTS_UNTIL_YIELD;
        team.run(work, parts, isLong);
        unyielded += worthParts;
        if (isLong || unyielded >= PARTS_UNTIL_YIELD) {
            unyielded = 0;
            yieldToOthers();
        }
    }

    /** Drops the references to the arrays and the task of the last work. */
    void forget() {
        product = new MatrixProduct();
        task = NOTHING;
    }

    /** The first row or tile of a part. */
    private int begin(int part) {
        return (int) ((long) count * part / parts);
    }

    @SuppressWarnings("ThreadPriorityCheck") // results do not depend on it
    static void yieldToOthers() {
        Thread.yield();
    }
}
