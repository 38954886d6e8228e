package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs many short tasks of random sizes, with parts that are slow or fail, and checks after each one that every part ran
 * exactly once and only during its task, that no thread ran two parts at a time, and that what parts wrote is visible. A
 * long test is {@code -Dtest.tasks=100000}.
 */
class ThreadTeamStressTests {

    private static final int TASKS = Integer.getInteger("test.tasks", 1_000);
    private static final int MAX_PARTS = 24;
    private static final int MAX_THREADS = 5;
    private static final int NONE = -1;

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final ExecutorService single = Executors.newSingleThreadExecutor();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicIntegerArray busy = new AtomicIntegerArray(MAX_THREADS);
    private final AtomicInteger violations = new AtomicInteger();
    private final int[] times = new int[MAX_PARTS]; // per part; plain, so that a lost write shows
    private final int[] data = new int[MAX_PARTS];
    private volatile int running = NONE; // number of the task
    private int input;

    @AfterEach
    void stopThreads() {
        pool.shutdownNow();
        single.shutdownNow();
    }

    /** Ways in which an executor may run the helpers. */
    private enum Behavior {
        PROMPT,
        LATE,
        STARVED,
        REFUSING,
        OUT_OF_THREADS,
        ON_THE_CALLING_THREAD
    }

    @ParameterizedTest
    @EnumSource
    void everyPartRunsOnceAndOnlyDuringItsTask(Behavior behavior) {
        Random random = new Random(behavior.name().hashCode());
        for (int threads = 2; threads <= MAX_THREADS; threads++) {
            ThreadTeam team = new ThreadTeam(new Threads(executor(behavior), threads));
            for (int number = 0; number < TASKS; number++) {
                run(team, number, random);
                if (random.nextInt(50) == 0) {
                    LockSupport.parkNanos(random.nextInt(200_000)); // helpers may leave
                }
            }
        }
        assertThat(violations).hasValue(0);
    }

    private Executor executor(Behavior behavior) {
        return switch (behavior) {
            case PROMPT -> pool;
            case LATE ->
                helper -> pool.execute(() -> {
                    LockSupport.parkNanos(calls.incrementAndGet() % 7 * 20_000L);
                    helper.run();
                });
            case STARVED -> single;
            case REFUSING ->
                helper -> {
                    if (calls.incrementAndGet() % 3 != 0) {
                        throw new RejectedExecutionException("closed");
                    }
                    pool.execute(helper);
                };
            case OUT_OF_THREADS ->
                helper -> {
                    if (calls.incrementAndGet() % 2 != 0) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    pool.execute(helper);
                };
            case ON_THE_CALLING_THREAD -> Runnable::run;
        };
    }

    private void run(ThreadTeam team, int number, Random random) {
        int parts = 1 + random.nextInt(MAX_PARTS);
        int failing = random.nextInt(20) == 0 ? random.nextInt(parts) : NONE;
        int slow = random.nextInt(10) == 0 ? random.nextInt(parts) : NONE;
        input = number;
        running = number;
        boolean failed = false;
        try {
            team.run((part, thread) -> runPart(number, part, thread, failing, slow), parts, random.nextInt(8) == 0);
        } catch (IllegalStateException e) {
            failed = true;
        }
        running = NONE;
        assertThat(failed).isEqualTo(failing != NONE);
        for (int part = 0; part < parts; part++) {
            assertThat(times[part]).as("part %d of task %d", part, number).isEqualTo(1);
            assertThat(data[part]).isEqualTo(31 * number + part);
            times[part] = 0;
        }
    }

    private void runPart(int number, int part, int thread, int failing, int slow) {
        check(running == number && input == number);
        check(busy.getAndIncrement(thread) == 0);
        times[part]++;
        if (part == slow) {
            LockSupport.parkNanos(20_000);
        }
        data[part] = 31 * input + part;
        check(busy.getAndDecrement(thread) == 1);
        check(running == number);
        if (part == failing) {
            throw new IllegalStateException("part " + part);
        }
    }

    private void check(boolean holds) {
        if (!holds) {
            violations.incrementAndGet();
        }
    }
}
