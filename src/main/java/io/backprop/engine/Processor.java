package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The kernels and the threads of one training. For one thread. */
final class Processor {
    /*
     * Only products are shared out, by rows of the result: an element stays one chain of one thread, so the bits are the
     * same on any number of threads. Each helper has one task object that is used again and again, and all report to one
     * semaphore, so that nothing is allocated. Small products are not worth waking anybody.
     */

    /** Multiplications from which on a product is shared out: some 50 microseconds of work. */
    private static final long WORTH_SHARING = 2_000_000;

    /** Shares are whole tiles of the widest kernel. */
    private static final int ROWS = 12;

    private final Kernels kernels;
    private final Semaphore done = new Semaphore(0);
    private Threads threads = Threads.ONE;
    private Share[] shares = new Share[0];

    Processor(Kernels kernels) {
        this.kernels = kernels;
    }

    Kernels kernels() {
        return kernels;
    }

    void use(Threads allowed) {
        threads = allowed;
        shares = new Share[allowed.count() - 1];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = new Share();
        }
    }

    /** {@link Kernels#multiplyAdd}, on several threads if that is worth it. */
    void multiplyAdd(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRowStride,
            int aColumnStride,
            float[] b,
            int bOffset,
            int bRowStride,
            float[] c,
            int cOffset,
            int cRowStride) {
        int tiles = (m + ROWS - 1) / ROWS;
        int count = (long) m * n * k < WORTH_SHARING ? 1 : Math.min(threads.count(), tiles);
        int rows = (tiles + count - 1) / count * ROWS;
        int helpers = 0;
        for (int first = rows; first < m; first += rows) {
            Share share = shares[helpers++];
            share.rows = Math.min(rows, m - first);
            share.n = n;
            share.k = k;
            share.a = a;
            share.aOffset = aOffset + first * aRowStride;
            share.aRowStride = aRowStride;
            share.aColumnStride = aColumnStride;
            share.b = b;
            share.bOffset = bOffset;
            share.bRowStride = bRowStride;
            share.c = c;
            share.cOffset = cOffset + first * cRowStride;
            share.cRowStride = cRowStride;
            start(share);
        }
        kernels.multiplyAdd(
                Math.min(rows, m),
                n,
                k,
                a,
                aOffset,
                aRowStride,
                aColumnStride,
                b,
                bOffset,
                bRowStride,
                c,
                cOffset,
                cRowStride);
        await(helpers);
    }

    private void start(Share share) {
        try {
            threads.helpers().execute(share);
        } catch (RejectedExecutionException e) {
            share.run(); // the pool is closing, but this training is still asked to go on
        }
    }

    private void await(int helpers) {
        done.acquireUninterruptibly(helpers);
        for (int i = 0; i < helpers; i++) {
            Throwable failure = shares[i].failure;
            if (failure != null) {
                throw new IllegalStateException("a helper thread failed", failure);
            }
        }
    }

    /** Some rows of a product, for one helper. */
    private final class Share implements Runnable {
        private int rows;
        private int n;
        private int k;
        private float[] a = new float[0];
        private int aOffset;
        private int aRowStride;
        private int aColumnStride;
        private float[] b = new float[0];
        private int bOffset;
        private int bRowStride;
        private float[] c = new float[0];
        private int cOffset;
        private int cRowStride;
        private @Nullable Throwable failure;

        @Override
        public void run() {
            try {
                kernels.multiplyAdd(
                        rows,
                        n,
                        k,
                        a,
                        aOffset,
                        aRowStride,
                        aColumnStride,
                        b,
                        bOffset,
                        bRowStride,
                        c,
                        cOffset,
                        cRowStride);
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                done.release();
            }
        }
    }
}
