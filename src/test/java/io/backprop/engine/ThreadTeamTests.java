package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadTeamTests {

    private final ExecutorService helpers = Executors.newFixedThreadPool(2);

    @AfterEach
    void dismissHelpers() {
        helpers.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "2, 1", "2, 2", "2, 7", "3, 2", "3, 100"})
    void runsEachPartOnceBeforeTheNextTask(int threads, int parts) {
        ThreadTeam team = new ThreadTeam(new Threads(helpers, threads));
        AtomicIntegerArray times = new AtomicIntegerArray(parts);
        for (int task = 1; task <= 2000; task++) {
            team.run((part, thread) -> times.incrementAndGet(part), parts, true);
            for (int part = 0; part < parts; part++) {
                assertThat(times.get(part)).isEqualTo(task);
            }
        }
    }

    @Test
    void runsPartsConcurrently() {
        CountDownLatch bothAtWork = new CountDownLatch(2);
        new ThreadTeam(new Threads(helpers, 2)).run((part, thread) -> meet(bothAtWork), 2, false);
        assertThat(bothAtWork.getCount()).isZero();
    }

    @Test
    void helperStaysForTheNextTask() {
        Set<Runnable> calls = ConcurrentHashMap.newKeySet();
        Executor counting = call -> {
            calls.add(Thread.currentThread()::getName);
            helpers.execute(call);
        };
        ThreadTeam team = new ThreadTeam(new Threads(counting, 2));
        for (int task = 0; task < 1000; task++) {
            team.run((part, thread) -> {}, 2, false);
        }
        assertThat(calls).hasSizeLessThan(500);
    }

    @Test
    void doesNotWaitForMissingHelpers() {
        AtomicIntegerArray times = new AtomicIntegerArray(4);
        ThreadTeam.Task count = (part, thread) -> times.incrementAndGet(part);
        new ThreadTeam(new Threads(call -> {}, 3)).run(count, 4, false);
        new ThreadTeam(new Threads(ThreadTeamTests::refuse, 3)).run(count, 4, false);
        assertThat(times).hasToString("[2, 2, 2, 2]");
    }

    private static void refuse(Runnable call) {
        throw new RejectedExecutionException("closed");
    }

    @Test
    void rethrowsTheFailureOfAPart() {
        ThreadTeam team = new ThreadTeam(new Threads(helpers, 2));
        CountDownLatch bothAtWork = new CountDownLatch(2);
        assertThatThrownBy(() -> team.run(
                        (part, thread) -> {
                            meet(bothAtWork);
                            throw new OutOfMemoryError("part " + part);
                        },
                        2,
                        true))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void runsTheNextTaskAfterAFailure() {
        ThreadTeam team = new ThreadTeam(new Threads(helpers, 2));
        assertThatThrownBy(() -> team.run(
                        (part, thread) -> {
                            throw new IllegalStateException("part " + part);
                        },
                        4,
                        false))
                .isInstanceOf(IllegalStateException.class);
        AtomicIntegerArray times = new AtomicIntegerArray(4);
        team.run((part, thread) -> times.incrementAndGet(part), 4, false);
        assertThat(times).hasToString("[1, 1, 1, 1]");
    }

    /** Each part waits for the others, so no thread can run a second one. */
    @Test
    void threadsPreferTheirOwnParts() {
        ThreadTeam team = new ThreadTeam(new Threads(helpers, 3));
        AtomicInteger own = new AtomicInteger();
        for (int task = 0; task < 100; task++) {
            CountDownLatch allAtWork = new CountDownLatch(3);
            team.run(
                    (part, thread) -> {
                        meet(allAtWork);
                        own.addAndGet(part == thread ? 1 : 0);
                    },
                    3,
                    false);
        }
        assertThat(own).hasValueGreaterThan(200); // a helper may look at its own parts just before they are there
    }

    @Test
    void rejectsTooManyThreads() {
        assertThatThrownBy(() -> new Threads(helpers, 32_768))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("count must be at least 1 and at most 32767, but was 32768");
        assertThatThrownBy(() -> new Threads(helpers, 0)).isInstanceOf(InvalidArgumentException.class);
    }

    private static void meet(CountDownLatch latch) {
        latch.countDown();
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
