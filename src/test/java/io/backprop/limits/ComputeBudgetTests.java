package io.backprop.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.Await;
import io.backprop.limits.ComputeBudget.ComputeBusyException;
import io.backprop.limits.ComputeBudget.Properties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ComputeBudgetTests {

    private static final double LARGE = 1e9; // floating-point operations

    private final ComputeBudget budget = new ComputeBudget(new Properties(1, 1));
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        budget.end(); // the state belongs to the thread, which also runs other tests
        threads.shutdownNow();
    }

    @Test
    void smallRequestsNeedNoPermit() {
        budget.acquire();

        Await.result(threads.submit(() -> budget.acquireForFlops(1e6)));
    }

    @Test
    void largeRequestsComputeOneAfterTheOther() {
        budget.acquireForFlops(LARGE);
        budget.acquireForFlops(LARGE);
        Future<?> other = submit(() -> {});
        awaitQueued();

        assertThat(other.isDone()).isFalse();
        budget.end();
        Await.result(other);
    }

    @Test
    void measuresHowLongARequestWaits() {
        budget.acquire();
        Future<Long> other = threads.submit(() -> {
            budget.acquire();
            long waited = budget.waited();
            budget.end();
            return waited + budget.waited();
        });
        awaitQueued();

        budget.end();

        assertThat(Await.result(other)).isPositive();
        assertThat(budget.waited()).isZero();
    }

    @Test
    void refusesRequestsBeyondTheQueue() {
        budget.acquire();
        Future<?> queued = submit(() -> {});
        awaitQueued();

        Await.result(threads.submit(() -> assertThatThrownBy(budget::acquire)
                .isInstanceOf(ComputeBusyException.class)
                .hasMessageContaining("all 1 places")
                .hasMessageContaining("backprop.compute.queue")));
        budget.end();
        Await.result(queued);
    }

    @Test
    void requestThatHasBegunIsNotRefused() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        budget.acquire();
        Future<?> queued = submit(() -> order.add("queued"));
        awaitQueued();

        budget.yieldToOthers();

        order.add("first");
        assertThat(order).containsExactly("queued", "first");
        assertThatCode(budget::end).doesNotThrowAnyException();
        Await.result(queued);
    }

    @Test
    void requestThatHasBegunTakesNoPlaceInTheQueue() {
        Semaphore released = new Semaphore(0);
        Semaphore resumed = new Semaphore(0);
        Future<?> begun = submit(() -> {
            budget.release();
            released.release();
            resumed.acquireUninterruptibly();
            budget.acquire();
        });
        released.acquireUninterruptibly();
        budget.acquire();
        resumed.release();
        awaitQueued();

        Future<?> newcomer = submit(() -> {});
        Await.until(() -> budget.queueLength() == 2);

        budget.end();
        Await.result(begun);
        Await.result(newcomer);
    }

    @Test
    void requestThatWaitsForItsClientHasNoPermit() {
        budget.acquire();
        budget.release();

        Await.result(submit(() -> {}));
    }

    private Future<?> submit(Runnable computation) {
        return threads.submit(() -> {
            budget.acquire();
            computation.run();
            budget.end();
        });
    }

    private void awaitQueued() {
        Await.until(() -> budget.queueLength() == 1);
    }
}
