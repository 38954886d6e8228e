package io.backprop.training;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.backprop.model.StorageUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
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

    /** One for each training that threads wait for; collected when the last of them has gone. */
    private final Cache<String, CountDownLatch> ends =
            Caffeine.newBuilder().weakValues().build();

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
            CountDownLatch end = ends.get(started.id(), id -> new CountDownLatch(1)); // before the training is read
            training = read(training);
            long remaining = deadline - System.nanoTime();
            if (training.isOver() || remaining <= 0 || stopping) {
                return training;
            }
            end.await(Math.min(remaining, POLL_NANOS), TimeUnit.NANOSECONDS);
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
        Optional.ofNullable(ends.asMap().remove(id)).ifPresent(CountDownLatch::countDown);
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
        ends.asMap().keySet().forEach(this::notifyWaiters);
    }
}
