package io.backprop.training;

import io.backprop.limits.BusyException;
import io.backprop.limits.MemoryBudget;
import io.backprop.model.CorruptModelException;
import io.backprop.model.Model;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.ModelService;
import io.backprop.model.NewerModelException;
import io.backprop.model.StorageUnavailableException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The current state of trainings, which may run in another process. Subscribers are notified at once when a training stops
 * in this process, and otherwise by one query for all trainings with subscribers. No thread waits.
 */
@Component
class TrainingMonitor implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(TrainingMonitor.class);
    private static final int POLL_MILLIS = 100;

    private final ConcurrentMap<String, Watched> watched = new ConcurrentHashMap<>(); // by id of the training
    private final TrainingStore store;
    private final TrainingWorkers workers;
    private final ModelService models;
    private final MemoryBudget memory;
    private final Clock clock;
    private final int maxWaits;
    private final Semaphore waits;
    private volatile boolean stopping;

    TrainingMonitor(
            TrainingStore store,
            TrainingWorkers workers,
            ModelService models,
            TrainingProperties properties,
            MemoryBudget memory,
            Clock clock) {
        this.store = store;
        this.workers = workers;
        this.models = models;
        this.memory = memory;
        this.clock = clock;
        this.maxWaits = properties.waits();
        this.waits = new Semaphore(maxWaits);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("backprop.training.waits", waits, free -> maxWaits - free.availablePermits())
                .description("Requests that wait for the end of a training")
                .register(registry);
        Gauge.builder("backprop.training.waits.limit", () -> maxWaits)
                .description("Requests that may wait for the end of a training at the same time")
                .register(registry);
    }

    /** A training with subscribers. */
    private static final class Watched {

        final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
        volatile Training latest;

        Watched(Training training) {
            latest = training;
        }

        /** Publishes a state that was read, unless the end was published meanwhile. */
        synchronized void publish(Training training) {
            if (!latest.isOver() || training.isOver()) {
                latest = training;
                subscriptions.forEach(subscription -> subscription.subscriber.accept(training));
            }
        }

        synchronized void publishLatestTo(Consumer<Training> subscriber) {
            subscriber.accept(latest);
        }
    }

    /** Notifies a subscriber until it is closed. */
    private final class Subscription implements TrainingSubscription {

        private final String id;
        private final Consumer<Training> subscriber;

        private Subscription(String id, Consumer<Training> subscriber) {
            this.id = id;
            this.subscriber = subscriber;
        }

        @Override
        public void close() {
            watched.computeIfPresent(id, (key, training) -> {
                training.subscriptions.remove(this);
                return training.subscriptions.isEmpty() ? null : training;
            });
        }
    }

    /**
     * Notifies a subscriber of the state of a training, now and periodically, even if it has not changed.
     *
     * @param subscriber must not block
     */
    TrainingSubscription subscribe(Training training, Consumer<Training> subscriber) {
        Subscription subscription = new Subscription(training.id(), subscriber);
        Watched first = new Watched(training);
        first.subscriptions.add(subscription);
        Watched joined = watched.merge(training.id(), first, (present, absent) -> {
            present.subscriptions.add(subscription);
            return present;
        });
        if (joined == first) {
            update(List.of(training.id())); // it may have ended before
        } else {
            joined.publishLatestTo(subscriber);
        }
        return subscription;
    }

    /**
     * Waits for the end of a training, until the time has elapsed or the process shuts down.
     *
     * @param start starts or finds the training; it is not called if too many requests wait. If they do so afterwards, this
     *     one does not wait
     * @return the training at that time
     */
    CompletableFuture<Training> await(Supplier<Training> start, Duration timeout) {
        if (!timeout.isZero() && waits.availablePermits() == 0) {
            throw TrainingException.tooManyWaits(maxWaits);
        }
        return awaitIfPossible(start.get(), timeout); // a slow client takes no permit while it sends its body
    }

    /** Like {@link #await}, but does not wait if too many requests wait. */
    CompletableFuture<Training> awaitIfPossible(Training training, Duration timeout) {
        return !timeout.isZero() && waits.tryAcquire()
                ? awaitWithPermit(training, timeout)
                : CompletableFuture.completedFuture(read(training));
    }

    private CompletableFuture<Training> awaitWithPermit(Training training, Duration timeout) {
        CompletableFuture<Training> result = null;
        try {
            result =
                    training.isOver() ? CompletableFuture.completedFuture(current(training)) : await(training, timeout);
        } finally {
            if (result == null) {
                waits.release();
            }
        }
        return result.whenComplete((last, failure) -> waits.release());
    }

    private CompletableFuture<Training> await(Training training, Duration timeout) {
        Wait wait = new Wait(training);
        TrainingSubscription subscription = subscribe(training, wait);
        return wait.over
                .completeOnTimeout(false, timeout.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(over -> {
                    subscription.close();
                    return wait.latest;
                });
    }

    private Training read(Training training) {
        return training.isOver() ? current(training) : latest(training, read(List.of(training.id())));
    }

    /** Completes at the end of a training. */
    private final class Wait implements Consumer<Training> {

        final CompletableFuture<Boolean> over = new CompletableFuture<>();
        volatile Training latest;

        Wait(Training training) {
            latest = training;
        }

        @Override
        public void accept(Training training) {
            latest = training;
            if (training.isOver() || stopping) {
                over.complete(true);
            }
        }
    }

    /** The training with an owner's idempotency key, if somebody waits for it, so that many repeats of a request cost no query. */
    Optional<Training> findWatched(Model model, String owner, String key) {
        return watched.values().stream()
                .map(training -> training.latest)
                .filter(training -> training.model().equals(model.id())
                        && training.owner().equals(owner)
                        && training.key() != null
                        && training.key().value().equals(key)
                        && !training.queuedAt().isBefore(model.createdAt())) // of a deleted model with this id
                .findFirst();
    }

    @Scheduled(fixedDelay = POLL_MILLIS)
    void update() {
        MemoryBudget.Reservation reservation = memory.begin(); // for models
        try (reservation) {
            update(List.copyOf(watched.keySet()));
        }
    }

    @EventListener
    void update(TrainingStoppedEvent stopped) {
        update(stopped.id());
    }

    void update(String id) {
        if (watched.containsKey(id)) {
            update(List.of(id));
        }
    }

    private void update(List<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Map<String, Training> stored = read(ids);
        for (String id : ids) {
            Watched training = watched.get(id);
            if (training != null) {
                training.publish(latest(training.latest, stored));
            }
        }
    }

    /** Returns null if the store can't be read. It may be available again before a wait ends. */
    private @Nullable Map<String, Training> read(List<String> ids) {
        try {
            return store.find(ids).stream().collect(Collectors.toMap(Training::id, Function.identity()));
        } catch (RuntimeException e) { // other requests report it
            log.debug("The state of trainings can't be read", e);
            return null;
        }
    }

    private Training latest(Training last, @Nullable Map<String, Training> stored) {
        if (last.isOver()) {
            return last;
        }
        Training next = stored == null ? last : stored.get(last.id());
        if (next == null) {
            return last.deleted(clock.instant());
        }
        try {
            return current(next);
        } catch (StorageUnavailableException | BusyException e) { // at the next time
            return last;
        } catch (RuntimeException e) { // the model is corrupt, which requests for it report
            log.debug("The model of training {} can't be read", next.id(), e);
            return next;
        }
    }

    /**
     * A training with its current progress, if it runs in this process. If it is over, the model is refreshed, so that a
     * client that sees the end also sees the new version.
     */
    Training current(Training stored) {
        if (stored.isOver()) {
            refreshModel(stored);
        }
        return withProgress(stored);
    }

    Training withProgress(Training stored) {
        return stored.isOver() || stored.kind() != Training.Kind.TRAINING // others have the progress of their parts
                ? stored
                : workers.find(stored.id())
                        .map(run -> stored.withProgress(run.progress()))
                        .orElse(stored);
    }

    private void refreshModel(Training ended) {
        try {
            Model model = models.get(ended.model());
            Long version = ended.outcome().version();
            if (model.training() || (version != null && model.version() < version)) {
                models.refresh(ended.model());
            }
        } catch (ModelNotFoundException | CorruptModelException | NewerModelException e) {
            log.debug("The model of training {} was deleted or can't be read", ended.id());
        }
    }

    /** Ends all waits before the server waits for its requests to end. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
        watched.values().forEach(training -> training.publish(training.latest));
    }
}
