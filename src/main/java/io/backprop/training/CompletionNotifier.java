package io.backprop.training;

import io.backprop.model.StorageUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Those who wait for the end of a training, wherever it is worked at: told at once of one here, they look for others. */
@Component
class CompletionNotifier {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private final TrainingStore store;
    private volatile boolean stopping;

    CompletionNotifier(TrainingStore store) {
        this.store = store;
    }

    /** Waits for the end, but no longer than this, nor than the process is to run. */
    Training await(Training begun, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        Training training = begun;
        while (true) {
            Waiter waiter = new Waiter(begun.id(), new CountDownLatch(1));
            waiters.add(waiter);
            try {
                training = look(training);
                long left = end - System.nanoTime();
                if (training.state().isFinal() || left <= 0 || stopping) {
                    return training;
                }
                waiter.told.await(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
            } finally {
                waiters.remove(waiter);
            }
        }
    }

    private Training look(Training last) {
        try {
            Optional<Training> found = store.find(last.id());
            return found.orElseGet(() -> last.deleted(Instant.now().truncatedTo(ChronoUnit.MICROS)));
        } catch (StorageUnavailableException e) { // it may come back in time
            return last;
        }
    }

    /** Tells those who wait for this training to look. */
    void notifyWaiters(String id) {
        waiters.stream().filter(waiter -> waiter.training.equals(id)).forEach(waiter -> waiter.told.countDown());
    }

    @EventListener
    void stop(ContextClosedEvent closed) {
        stopping = true;
        waiters.forEach(waiter -> waiter.told.countDown());
    }

    private record Waiter(String training, CountDownLatch told) {

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
