package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import io.backprop.engine.kernel.MatrixMultiplier;
import io.backprop.engine.kernel.MatrixProduct;

/** The kernels and threads of one training, or one of these threads alone. Only its own thread may use it. */
final class Execution {
    /*
     * There are two ways to divide work. A phase is divided once, and each part passes through many products and loops on
     * one thread, with the execution of that thread alone. In the execution of all threads, every product and every loop is
     * divided by itself. The same code runs either way.
     *
     * Work is divided so that no element depends on the position of a cut; the bits are the same on any number of threads.
     * C of a matrix product is divided along its longer side into whole tiles of the widest kernel, so that each of its
     * elements is one chain on one thread.
     *
     * A training may keep all processors busy. Its threads yield after tens of microseconds of work, so that other threads,
     * such as those of small requests, need not wait for the end of a time slice (PredictionLoadTests). They yield after
     * they have finished a part, so that the training does not wait for them.
     */

    /** Minimum number of elements in a part of a loop. */
    private static final int LOOP_PART = 16_384;

    /** Minimum number of multiplications in a part of a product. */
    private static final int PRODUCT_PART = 100_000;

    private static final int PARTS_PER_THREAD = 2;
    private static final int UNEQUAL_PARTS_PER_THREAD = 8;

    /**
     * Minimum number of multiplications per thread of a step: about 50 microseconds. In a shorter step the threads would wait
     * longer for what others have written than they would save.
     */
    private static final int WORK_OF_THREAD = 1_500_000;

    /** Maximum number of multiplications in a part of a step, as long as it has enough units. */
    private static final int LONG_PART = 50_000_000;

    /** Units of a long step that remain together, because products of few rows are slow. */
    private static final int MIN_UNITS = 64;

    private static final int MAX_PARTS = 65_535;

    /** Number of minimum parts after which a thread yields: about 40 microseconds. */
    private static final int PARTS_UNTIL_YIELD = 16;

    /** Rows of a product to whose multiples it is divided: whole tiles, and whole groups of packed rows. */
    static final int TILE_ROWS = 16;

    private static final int TILE_COLUMNS = 48;

    private static final RangeTask NOTHING = (first, count) -> {};
    private static final Phase NO_PHASE = (execution, part, parts) -> {};

    private final Kernels kernels;
    private final int thread;
    private final boolean yields;
    private MatrixProduct product = new MatrixProduct();
    private final MatrixMultiplier multiplier;
    private final ThreadTeam.Task multiplyRows = this::multiplyRows;
    private final ThreadTeam.Task multiplyColumns = this::multiplyColumns;
    private final ThreadTeam.Task runPart = this::runPart;
    private final ThreadTeam.Task runRange = this::runRange;
    private int m; // C is m × n
    private int n;
    private Phase phase = NO_PHASE;
    private int phaseParts;
    private RangeTask task = NOTHING;
    private int first;
    private int count;
    private int parts;
    private long unyielded; // minimum parts since this thread has yielded
    private ThreadTeam team = new ThreadTeam(Threads.ONE);
    private Execution[] ofThreads = {this};

    Execution(Kernels kernels) {
        this(kernels, 0, true);
    }

    private Execution(Kernels kernels, int thread, boolean yields) {
        this.kernels = kernels;
        this.thread = thread;
        this.yields = yields;
        this.multiplier = kernels.matrixMultiplier();
    }

    void use(Threads threads) {
        team = new ThreadTeam(threads);
        ofThreads = new Execution[threads.count()];
        for (int i = 0; i < ofThreads.length; i++) {
            ofThreads[i] = ofThreads.length == 1 ? this : new Execution(kernels, i, false);
        }
    }

    Kernels kernels() {
        return kernels;
    }

    int threads() {
        return team.threads();
    }

    /** The number of the thread that runs a part of a {@link Phase}, less than {@link #threads}. */
    int thread() {
        return thread;
    }

    /** Work in independent parts. */
    @FunctionalInterface
    interface Phase {
        /**
         * Runs a part.
         *
         * @param execution that of the thread which runs the part
         * @param part from 0
         */
        void run(Execution execution, int part, int parts);
    }

    /**
     * Runs a phase of a step, each part on one thread, and on several threads if there is enough work. All phases of a step
     * with the same arguments are divided equally, so that a thread finds in its cache what it left there.
     *
     * @param work number of multiplications of the whole step
     * @param units number of rows or other units of work
     */
    void run(Phase phase, long work, int units) {
        long threads = Math.max(1, Math.min(Math.min(team.threads(), units), work / WORK_OF_THREAD));
        long perThread = Math.max(1, Math.min(work / LONG_PART, units / MIN_UNITS) / threads);
        this.phase = phase;
        phaseParts = (int) (threads * Math.min(perThread, MAX_PARTS / threads));
        run(runPart, phaseParts, ofThreads.length == 1 ? 0 : work / PRODUCT_PART); // a single thread yields within
    }

    /**
     * Runs a phase whose units may take different times, in several parts per thread if there is enough work, so that no
     * thread waits long for another.
     *
     * @param work number of multiplications of the whole phase
     */
    void runEach(Phase phase, long work, int units) {
        long most = team.threads() == 1 ? 1 : (long) team.threads() * UNEQUAL_PARTS_PER_THREAD;
        this.phase = phase;
        phaseParts = (int) Math.max(1, Math.min(Math.min(most, units), work / WORK_OF_THREAD));
        run(runPart, phaseParts, ofThreads.length == 1 ? 0 : work / PRODUCT_PART);
    }

    /** Runs a phase that does not belong to a step, in as few parts as keep the threads busy. */
    void runOnce(Phase phase, long work, int units) {
        this.phase = phase;
        phaseParts = parts(units, work / PRODUCT_PART);
        run(runPart, phaseParts, work / PRODUCT_PART);
    }

    private void runPart(int part, int thread) {
        phase.run(ofThreads[thread], part, phaseParts);
    }

    /** The first unit of a part: a multiple of {@code block} if there are enough blocks for all parts. */
    static int begin(int units, int block, int part, int parts) {
        int blocks = (units + block - 1) / block;
        long first = blocks < parts ? (long) units * part / parts : (long) blocks * part / parts * block;
        return (int) Math.min(units, first);
    }

    /** The next product to {@link #multiply}; the same object for every product. */
    MatrixProduct product() {
        return product;
    }

    /** Computes the {@link #product}, of which C is rows × columns. */
    void multiply(int rows, int columns) {
        m = rows;
        n = columns;
        long worth = (long) m * n * product.depth() / PRODUCT_PART;
        if (n >= m) {
            divide(multiplyColumns, n, TILE_COLUMNS, worth);
        } else {
            divide(multiplyRows, m, TILE_ROWS, worth);
        }
    }

    private void multiplyColumns(int part, int thread) {
        int firstColumn = begin(n, TILE_COLUMNS, part, parts);
        int columns = begin(n, TILE_COLUMNS, part + 1, parts) - firstColumn;
        ofThreads[thread].multiplier.multiply(product, 0, m, firstColumn, columns);
    }

    private void multiplyRows(int part, int thread) {
        int firstRow = begin(m, TILE_ROWS, part, parts);
        int rows = begin(m, TILE_ROWS, part + 1, parts) - firstRow;
        ofThreads[thread].multiplier.multiply(product, firstRow, rows, 0, n);
    }

    /** Work on a range of rows or other units, independent of all others. */
    @FunctionalInterface
    interface RangeTask {
        void run(int first, int count);
    }

    /**
     * Runs the task for a range of rows, on several threads if there is enough work.
     *
     * @param rowLength elements per row
     */
    void overRows(int first, int rows, int rowLength, RangeTask task) {
        this.task = task;
        this.first = first;
        this.count = rows;
        divide(runRange, rows, 1, (long) rows * rowLength / LOOP_PART);
    }

    private void runRange(int part, int thread) {
        int begin = begin(count, 1, part, parts);
        task.run(first + begin, begin(count, 1, part + 1, parts) - begin);
    }

    /** Runs parts of whole blocks. */
    private void divide(ThreadTeam.Task work, int count, int block, long worth) {
        parts = parts((count + block - 1) / block, worth);
        run(work, parts, worth);
    }

    /** A multiple of the number of threads, unless there is too little work. */
    private int parts(int units, long worth) {
        long threads = Math.max(1, Math.min(Math.min(team.threads(), units), worth));
        long perThread = threads == 1 ? 1 : Math.min(PARTS_PER_THREAD, Math.min(worth, units) / threads);
        return (int) (threads * perThread);
    }

    private void run(ThreadTeam.Task work, int count, long worth) {
        boolean isLong = worth >= (long) count * PARTS_UNTIL_YIELD;
        team.run(work, count, isLong);
        yieldAfter(isLong ? PARTS_UNTIL_YIELD : worth);
    }

    private void yieldAfter(long worth) {
        unyielded += worth;
        if (yields && unyielded >= PARTS_UNTIL_YIELD) {
            unyielded = 0;
            yieldToOthers();
        }
    }

    /** Drops the references to the arrays and the task of the last work. */
    void forget() {
        product = new MatrixProduct();
        task = NOTHING;
        phase = NO_PHASE;
        for (Execution own : ofThreads) {
            own.product = new MatrixProduct();
            own.task = NOTHING;
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // results do not depend on it
    static void yieldToOthers() {
        Thread.yield();
    }
}
