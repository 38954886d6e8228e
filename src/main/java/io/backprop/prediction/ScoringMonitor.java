package io.backprop.prediction;

import io.backprop.limits.DriverProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Requests that wait for the end of scorings. No thread waits: one query twice a second finds the state of all of them. */
@Component
class ScoringMonitor {

    private static final Logger log = LoggerFactory.getLogger(ScoringMonitor.class);
    private static final int INTERVAL = 500; // milliseconds

    private final ScoringStore store;
    private final Clock clock;
    private final int maxWaits;
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    ScoringMonitor(ScoringStore store, Clock clock, DriverProperties properties) {
        this.store = store;
        this.clock = clock;
        this.maxWaits = properties.waits();
    }

    /** A request that waits; equal only to itself. */
    private static final class Wait {

        final ScoringStore.Key key;
        final CompletableFuture<Boolean> over = new CompletableFuture<>();
        volatile Scoring latest;

        Wait(Scoring scoring) {
            key = ScoringStore.Key.of(scoring);
            latest = scoring;
        }
    }

    /**
     * Waits for the end of a scoring, until the time has elapsed or the process shuts down, and not at all if too many requests
     * wait.
     *
     * @return the scoring at that time
     */
    CompletableFuture<Scoring> await(Scoring scoring, Duration timeout) {
        if (scoring.isOver() || timeout.isZero() || stopping || waits.size() >= maxWaits) {
            return CompletableFuture.completedFuture(scoring);
        }
        Wait wait = new Wait(scoring);
        waits.add(wait);
        return wait.over
                .completeOnTimeout(false, timeout.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(over -> {
                    waits.remove(wait);
                    return wait.latest;
                });
    }

    @Scheduled(fixedDelay = INTERVAL)
    void update() {
        List<Wait> current = List.copyOf(waits);
        if (current.isEmpty()) {
            return;
        }
        Map<ScoringStore.Key, Scoring> stored;
        try {
            stored = store.find(current.stream().map(wait -> wait.key).collect(Collectors.toSet())).stream()
                    .collect(Collectors.toMap(ScoringStore.Key::of, Function.identity()));
        } catch (RuntimeException e) { // other requests report it
            log.debug("The state of predictions for tables can't be read", e);
            return;
        }
        for (Wait wait : current) {
            Scoring latest = stored.get(wait.key);
            wait.latest = latest == null ? wait.latest.deleted(clock.instant()) : latest;
            if (stopping || wait.latest.isOver()) {
                wait.over.complete(true);
            }
        }
    }

    /** Ends all waits before the server waits for its requests to end. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
        waits.forEach(wait -> wait.over.complete(false));
    }
}
