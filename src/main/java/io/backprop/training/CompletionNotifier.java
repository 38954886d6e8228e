package io.backprop.training;

import io.backprop.model.StorageUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Lets threads wait for the end of a training. They are notified immediately if it ends in this process, and poll the store
 * for trainings of other processes.
 */
@Component
class CompletionNotifier {

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private final TrainingStore store;
    private final Clock clock;
    private volatile boolean stopping;

    CompletionNotifier(TrainingStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Waits until the training is over, the time has elapsed, or the process shuts down. */
    Training await(Training started, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        Training training = started;
        while (true) {
            Waiter waiter = new Waiter(started.id());
            waiters.add(waiter); // before the training is read, so that no notification is missed
            try {
                training = read(training);
                long remaining = deadline - System.nanoTime();
                if (training.isOver() || remaining <= 0 || stopping) {
                    return training;
                }
                waiter.notified.await(Math.min(remaining, POLL_NANOS), TimeUnit.NANOSECONDS);
            } finally {
                waiters.remove(waiter);
            }
        }
    }

    private Training read(Training last) {
        try {
            return store.find(last.id()).orElseGet(() -> last.deleted(clock.instant()));
        } catch (StorageUnavailableException e) { // may be available again before the timeout
            return last;
        }
    }

    /** Lets those who wait for this training read its state. */
    void notifyWaiters(String id) {
        waiters.stream().filter(waiter -> waiter.training.equals(id)).forEach(waiter -> waiter.notified.countDown());
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
        waiters.forEach(waiter -> waiter.notified.countDown());
    }

    private static final class Waiter {

        private final String training;
        private final CountDownLatch notified = new CountDownLatch(1);

        Waiter(String training) {
            this.training = training;
        }
    }
}
