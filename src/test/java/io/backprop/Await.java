package io.backprop;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what must come, so long that only what never comes is missed, however busy the machine. */
public final class Await {

    public static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000; // so that looking does not slow down what is waited for

    private Await() {}

    public static void until(BooleanSupplier condition) {
        until(condition::getAsBoolean, Boolean::booleanValue);
    }

    /** Looks until what is seen is as it must be, and gives it. */
    public static <T> T until(Supplier<T> look, Predicate<T> expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long pause = FIRST_PAUSE_NANOS;
        T seen = look.get();
        while (!expected.test(seen)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still waiting; last seen: " + seen);
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            seen = look.get();
        }
        return seen;
    }

    /** What another thread comes to. */
    public static <T> T result(Future<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
