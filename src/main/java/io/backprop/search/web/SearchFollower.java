package io.backprop.search.web;

import io.backprop.search.Search;
import io.backprop.training.Training;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a search by its training: reads the search when the training has changed, at most twice a second and not in the
 * thread that reports trainings, and passes on what was read last each time that it is called.
 */
final class SearchFollower implements Consumer<Training> {

    private static final Logger log = LoggerFactory.getLogger(SearchFollower.class);
    private static final long MIN_NANOS_BETWEEN_READS = Duration.ofMillis(500).toNanos();

    private final Function<Training, Search> read;
    private final Executor executor;
    private final Consumer<Search> follower;
    private final LongSupplier nanoTime;
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile Search latest;
    private long lastRead;

    /** @param first what the follower knows */
    SearchFollower(
            Search first,
            Function<Training, Search> read,
            Executor executor,
            Consumer<Search> follower,
            LongSupplier nanoTime) {
        this.latest = first;
        this.read = read;
        this.executor = executor;
        this.follower = follower;
        this.nanoTime = nanoTime;
        this.lastRead = nanoTime.getAsLong() - MIN_NANOS_BETWEEN_READS;
    }

    @Override
    public void accept(Training training) {
        if (!training.equals(latest.training()) && reading.compareAndSet(false, true)) {
            long now = nanoTime.getAsLong();
            if (training.isOver() || now - lastRead >= MIN_NANOS_BETWEEN_READS) {
                lastRead = now;
                executor.execute(() -> readAndPass(training));
            } else {
                reading.set(false);
            }
        }
        follower.accept(latest);
    }

    private void readAndPass(Training training) {
        try {
            latest = read.apply(training);
            follower.accept(latest);
        } catch (RuntimeException e) { // again when the training is reported the next time
            log.debug("The search {} of model {} can't be read", training.number(), training.model(), e);
        } finally {
            reading.set(false);
        }
    }
}
