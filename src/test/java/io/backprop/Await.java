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

/** Waits for conditions. The timeout is so long that only a condition which is never met fails, on a busy machine too. */
public final class Await {

    public static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long MAX_PAUSE_NANOS = 50_000_000; // so that polling does not slow down what is awaited

    private Await() {}

    public static void until(BooleanSupplier condition) {
        until(condition::getAsBoolean, Boolean::booleanValue);
    }

    /** Polls until the value meets the condition, and returns that value. */
    public static <T> T until(Supplier<T> poll, Predicate<T> condition) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        long pause = FIRST_PAUSE_NANOS;
        T value = poll.get();
        while (!condition.test(value)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("condition not met within %s; last value: %s".formatted(TIMEOUT, value));
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, MAX_PAUSE_NANOS);
            value = poll.get();
        }
        return value;
    }

    public static <T> T result(Future<T> future) {
        try {
            return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
