package io.backprop.prediction.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Steps towards an answer, one after the other, each of which may be done while more of the request is read. To be used by
 * the thread that reads.
 */
final class AnswerSteps implements AutoCloseable {

    private Executor executor;
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    AnswerSteps(Executor executor) {
        this.executor = executor;
    }

    /** Goes on when all steps so far are done; what went wrong with the last one is thrown here. */
    void await() {
        try {
            last.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Begins a step after all those before. */
    void begin(Runnable step) {
        await();
        last = CompletableFuture.runAsync(step, executor);
    }

    /** From now on nothing is read, so that no step needs another thread. */
    void endReading() {
        executor = Runnable::run;
    }

    /** Leaves no step behind that is still being done. */
    @Override
    public void close() {
        last.exceptionally(failure -> null).join();
    }
}
