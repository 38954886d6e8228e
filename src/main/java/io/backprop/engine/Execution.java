package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import io.backprop.engine.kernel.ProductOperands;

/** The kernels and threads of one training. Only the training's own thread may use it. */
final class Execution {
    /*
     * Work is divided so that no element depends on the position of a cut; the bits are the same on any number of threads.
     */

    /** Minimum number of elements in a part. */
    private static final int PART = 16_384;

    private static final int PARTS_PER_THREAD = 2;

    private final Kernels kernels;
    private final MatrixProduct product;
    private final RowRange rowRange = new RowRange();
    private ThreadTeam team = new ThreadTeam(Parallelism.ONE);

    Execution(Kernels kernels) {
        this.kernels = kernels;
        this.product = new MatrixProduct(kernels);
    }

    Kernels kernels() {
        return kernels;
    }

    void use(Parallelism threads) {
        team = new ThreadTeam(threads);
    }

    /** The operands of the next {@link #multiply}; the same object for every product of a training. */
    ProductOperands operands() {
        return product.operands();
    }

    /** Multiplies the {@link #operands}, of which A is rows × depth and B is depth × columns. */
    void multiply(int rows, int columns, int depth) {
        product.run(team, rows, columns, depth);
    }

    /** Work on a range of rows, independent of all other rows. */
    @FunctionalInterface
    interface RowsTask {
        void run(int first, int rows);
    }

    /**
     * Runs the task for all rows, on several threads if there is enough work.
     *
     * @param rowLength elements per row
     */
    void overRows(int rows, int rowLength, RowsTask task) {
        rowRange.task = task;
        rowRange.rows = rows;
        long worth = Math.min((long) rows * rowLength / PART, (long) team.threads() * PARTS_PER_THREAD);
        rowRange.parts = (int) Math.max(1, Math.min(worth, rows));
        team.run(rowRange, rowRange.parts);
    }

    private static final class RowRange implements ThreadTeam.Task {
        private RowsTask task = (first, rows) -> {};
        private int rows;
        private int parts;

        @Override
        public void part(int part) {
            int first = begin(part);
            task.run(first, begin(part + 1) - first);
        }

        private int begin(int part) {
            return (int) ((long) rows * part / parts);
        }
    }
}
