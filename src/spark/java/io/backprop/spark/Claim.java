package io.backprop.spark;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that this driver has claimed: renews the claim every second, and stops the work when it is cancelled, the driver
 * shuts down or the claim is lost.
 */
final class Claim implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Claim.class);
    private static final long RENEWAL_MILLIS = 1000;
    private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY_DELAY = Duration.ofSeconds(10);

    private final String name;
    private final Supplier<@Nullable Stop> renewal;
    private final Runnable cancelJobs;
    private final ScheduledExecutorService renewer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "claim-renewal");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> renewals;
    private boolean unreachable; // logged once
    private volatile @Nullable Stop stop;

    /** Why work stops before it is complete. A later constant overrules an earlier one. */
    enum Stop {
        /** Cancelled; what was reached is kept. */
        KEEP,
        /** Cancelled. */
        DISCARD,
        /** The driver shuts down; another one continues. */
        SHUTDOWN,
        /** Another driver has the claim, or the work is over. */
        LOST
    }

    /** The work was stopped. */
    static final class StoppedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        StoppedException(String name, Stop stop) {
            super("%s was stopped: %s".formatted(name, stop));
        }
    }

    /**
     * Starts to renew a claim.
     *
     * @param name of the work, for the log
     * @param renewal reports progress to the service and returns the cancellation that it answers, if any
     * @param cancelJobs cancels the current and all future jobs of the work
     */
    Claim(String name, Supplier<@Nullable Stop> renewal, Runnable cancelJobs) {
        this.name = name;
        this.renewal = renewal;
        this.cancelJobs = cancelJobs;
        this.renewals = renewer.scheduleWithFixedDelay(this::renew, 0, RENEWAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void renew() {
        try {
            Stop cancellation = renewal.get();
            if (cancellation != null) {
                stop(cancellation);
            }
            unreachable = false;
        } catch (RuntimeException e) {
            if (renewer.isShutdown()) { // the work has ended
                return;
            }
            if (e instanceof ServiceException.ClaimLost) {
                stop(Stop.LOST);
            } else if (!unreachable) { // it is lost if the service hands it out again
                log.warn("The claim of {} is not renewed: {}", name, e.getMessage());
                unreachable = true;
            }
        }
    }

    /** Stops the work, unless it was stopped for a stronger reason. */
    void stop(Stop reason) {
        synchronized (this) {
            if (stop != null && stop.compareTo(reason) >= 0) {
                return;
            }
            stop = reason;
            notifyAll();
        }
        log.info("{} stops: {}", name, reason);
        cancelJobs.run();
    }

    /** Why the work has to stop; null to continue. */
    @Nullable
    Stop stop() {
        return stop;
    }

    /**
     * Sends a request until the service is available.
     *
     * @throws StoppedException if the driver shuts down or the claim is lost meanwhile
     */
    <T> T untilAvailable(Supplier<T> request) {
        Duration delay = FIRST_RETRY_DELAY;
        while (true) {
            try {
                return request.get();
            } catch (ServiceException.Unavailable e) {
                if (delay.equals(FIRST_RETRY_DELAY)) {
                    log.warn("{} waits for the service: {}", name, e.getMessage());
                }
            }
            awaitStop(delay);
            Stop reason = stop;
            if (reason == Stop.SHUTDOWN || reason == Stop.LOST) {
                throw new StoppedException(name, reason);
            }
            delay = delay.multipliedBy(2).compareTo(LAST_RETRY_DELAY) < 0 ? delay.multipliedBy(2) : LAST_RETRY_DELAY;
        }
    }

    /** Waits for a stop that ends the work without a result, or the timeout. */
    private synchronized void awaitStop(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        long millis = timeout.toMillis();
        try {
            while ((stop == null || stop.compareTo(Stop.SHUTDOWN) < 0) && millis > 0) {
                wait(millis);
                millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) { // the driver shuts down
            Thread.currentThread().interrupt();
            stop = Stop.SHUTDOWN;
        }
    }

    /** Ends the renewal. */
    @Override
    public void close() {
        renewer.shutdown();
        renewals.cancel(true);
    }
}
