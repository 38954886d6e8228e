package io.backprop.training;

import io.backprop.engine.Threads;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs side by side: on the caller's thread, which waits for no other to begin, and on helpers as far as they are free.
 * A thread that finds no job left helps with the jobs in progress, which give it their parts as to an executor.
 */
final class SideBySide implements Executor {

    private final int width;
    private Supplier<@Nullable Runnable> jobs;
    private final Queue<Runnable> parts = new ArrayDeque<>();
    private int inProgress;

    /**
     * @param width maximum number of jobs at a time
     * @param jobs supplies the next job, which throws nothing, on the thread that runs it; null if there is none
     */
    SideBySide(int width, Supplier<@Nullable Runnable> jobs) {
        this.width = width;
        this.jobs = jobs;
    }

    /** Runs all jobs on these threads, of which the caller's is one. */
    void run(Threads threads) {
        for (int helper = 1; helper < threads.count(); helper++) {
            try {
                threads.helpers().execute(this::work);
            } catch (RejectedExecutionException | OutOfMemoryError e) { // the pool is closed or cannot start a thread
                break;
            }
        }
        work();
        forget();
    }

    /** Runs a part of a job on a thread that has no job. */
    @Override
    public synchronized void execute(Runnable part) {
        parts.add(part);
        notifyAll();
    }

    private void work() {
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    /** What the thread has to do next; null when all jobs are done. */
    private synchronized @Nullable Runnable next() {
        boolean interrupted = false;
        try {
            while (true) {
                Runnable job = inProgress < width ? jobs.get() : null;
                if (job != null) {
                    inProgress++;
                    return () -> runJob(job);
                }
                if (inProgress == 0) {
                    return null;
                }
                if (!parts.isEmpty()) {
                    return parts.remove();
                }
                try {
                    wait();
                } catch (InterruptedException e) { // the jobs notice that they are to stop
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void runJob(Runnable job) {
        job.run();
        synchronized (this) {
            inProgress--;
            notifyAll();
        }
    }

    /** Drops what helpers that begin late would hold in memory. */
    private synchronized void forget() {
        jobs = () -> null;
        parts.clear();
    }
}
