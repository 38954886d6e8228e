package io.backprop.training;

import io.backprop.limits.MemoryBudget;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.ModelService;
import io.backprop.model.PageCursor;
import io.backprop.security.CurrentKey;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.Preprocessing.Columns;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Starts, finds and cancels trainings, which may run in another process. A model has one running training at a time. */
@Service
public class TrainingService {

    private final ModelService models;
    private final TrainingPreparation preparation;
    private final ExternalPreparation externalPreparation;
    private final ExternalTrainings external;
    private final TrainingStore store;
    private final ExternalTrainingStore externalStore;
    private final PartStore parts;
    private final PartedTrainings kinds;
    private final TrainingWorkers workers;
    private final TrainingMonitor monitor;
    private final TrainingProperties properties;
    private final MemoryBudget memory;

    TrainingService(
            ModelService models,
            TrainingPreparation preparation,
            ExternalPreparation externalPreparation,
            ExternalTrainings external,
            TrainingStore store,
            ExternalTrainingStore externalStore,
            PartStore parts,
            PartedTrainings kinds,
            TrainingWorkers workers,
            TrainingMonitor monitor,
            TrainingProperties properties,
            MemoryBudget memory) {
        this.models = models;
        this.preparation = preparation;
        this.externalPreparation = externalPreparation;
        this.external = external;
        this.store = store;
        this.externalStore = externalStore;
        this.parts = parts;
        this.kinds = kinds;
        this.workers = workers;
        this.monitor = monitor;
        this.properties = properties;
        this.memory = memory;
    }

    /**
     * The training that was started by the same request.
     *
     * @param key value of its idempotency key
     * @param request reads the rest of the request, which is compared with the one that started the training
     */
    private Optional<Training> findStarted(String modelId, String key, Supplier<IdempotencyKey> request) {
        Optional<Training> started = findByKey(modelId, key);
        started.filter(training -> !request.get().equals(training.key())).ifPresent(training -> {
            throw TrainingException.idempotencyKeyReused(modelId, training.number());
        });
        return started;
    }

    private Optional<Training> findByKey(String modelId, @Nullable String key) {
        if (key == null) {
            return Optional.empty();
        }
        Model model = models.get(modelId);
        String owner = owner();
        return monitor.findWatched(model, owner, key).or(() -> store.findByKey(modelId, owner, key));
    }

    private static String owner() {
        return Objects.requireNonNullElse(CurrentKey.name(), "");
    }

    /**
     * Checks whether a training can start, as far as this is possible without its data, so that a large table is not read
     * in vain. Passes too if the idempotency key is in use, since {@link #start} may then return that training.
     *
     * @param precondition condition on the current model
     * @param key value of the idempotency key
     */
    void requireStartable(
            String modelId, Predicate<Model> precondition, TrainingCommand command, @Nullable String key) {
        preparation.requireFitting(models.get(modelId), command);
        requireStartable(modelId, precondition, key);
    }

    private void requireStartable(String modelId, Predicate<Model> precondition, @Nullable String key) {
        if (idle(modelId, precondition).isEmpty()
                && findByKey(modelId, key).isEmpty()) { // the same request may have come twice at once
            throw running(modelId);
        }
        if (key != null && store.countRecentKeys(modelId) >= properties.keys()) {
            throw TrainingException.tooManyKeys(modelId, properties.keys());
        }
    }

    /**
     * Starts a training, or returns the one that the same request has started. The data is read only after everything that
     * can be checked without it.
     *
     * @param precondition condition on the current model
     * @param data reads the examples, by the format of the cells that the model was trained with
     * @param key value of the idempotency key; null for none
     * @param request reads the rest of the request for the idempotency key
     */
    public Training start(
            String modelId,
            Predicate<Model> precondition,
            TrainingCommand command,
            Function<CellFormat, ExampleSource> data,
            @Nullable String key,
            Supplier<IdempotencyKey> request) {
        Optional<Training> repeated = key == null ? Optional.empty() : findStarted(modelId, key, request);
        if (repeated.isPresent()) {
            return repeated.get();
        }
        requireStartable(modelId, precondition, command, key);
        ExampleSource source = data.apply(cellFormat(modelId, command));
        return start(modelId, precondition, command, source, key == null ? null : request.get());
    }

    /** The format of the cells that the model was trained with, unless the training starts fresh. */
    private CellFormat cellFormat(String modelId, TrainingCommand command) {
        return command.known(models.get(modelId)).preprocessing() instanceof Columns columns
                ? columns.format()
                : CellFormat.DEFAULT;
    }

    /**
     * Starts a training, or returns the one that was started with the same idempotency key.
     *
     * @param precondition condition on the current model
     */
    public Training start(
            String modelId,
            Predicate<Model> precondition,
            TrainingCommand command,
            ExampleSource source,
            @Nullable IdempotencyKey key) {
        AtomicReference<@Nullable PreparedTraining> before = new AtomicReference<>();
        return start(modelId, precondition, key, model -> {
            PreparedTraining last = before.get();
            PreparedTraining prepared = last == null
                    ? preparation.prepare(model, command, source)
                    : preparation.prepareAgain(model, command, source, last);
            before.set(prepared);
            return add(prepared, source, key);
        });
    }

    /**
     * Starts a training of a table that drivers read, or returns the one that the same request has started.
     *
     * @param precondition condition on the current model
     * @param table by the format of the cells that the model was trained with
     * @param key idempotency key; null for none
     */
    public Training startExternal(
            String modelId,
            Predicate<Model> precondition,
            TrainingCommand command,
            Function<CellFormat, ExternalTable> table,
            @Nullable IdempotencyKey key) {
        Optional<Training> repeated = findStarted(modelId, key);
        if (repeated.isPresent()) {
            return repeated.get();
        }
        requireStartable(modelId, precondition, key == null ? null : key.value());
        return start(modelId, precondition, key, model -> {
            ExternalTable read = table.apply(cellFormat(modelId, command));
            ExternalTraining queued = externalPreparation.queued(model, command, read);
            Optional<Training> added = externalStore.add(model, queued, owner(), key, workers.queueLimits());
            models.refresh(modelId);
            external.poll();
            return added;
        });
    }

    /** Prepares and adds a training, again if the model changes meanwhile, unless the same request has started one. */
    private Training start(
            String modelId,
            Predicate<Model> precondition,
            @Nullable IdempotencyKey key,
            Function<Model, Optional<Training>> add) {
        Optional<Training> started = findStarted(modelId, key);
        while (started.isEmpty()) {
            Optional<Model> idle = idle(modelId, precondition);
            started = idle.isPresent()
                    ? add.apply(idle.get()).or(() -> findStarted(modelId, key))
                    : Optional.of(findStarted(modelId, key).orElseThrow(() -> running(modelId)));
        }
        return started.get();
    }

    private Optional<Training> add(PreparedTraining prepared, ExampleSource source, @Nullable IdempotencyKey key) {
        Optional<Training> added = store.add(prepared, owner(), key, firstParts(prepared), workers.queueLimits());
        if (added.isPresent() && source instanceof TableSource) {
            memory.current().release(); // the table now belongs to the training
        }
        models.refresh(prepared.model().id());
        return added;
    }

    private PartedTraining.@Nullable Parts firstParts(PreparedTraining prepared) {
        TrainingSettings settings = prepared.settings();
        PartedTraining kind = kinds.find(settings.kind());
        return kind == null ? null : (PartedTraining.Parts) kind.next(settings, List.of(), null);
    }

    private Optional<Training> findStarted(String modelId, @Nullable IdempotencyKey key) {
        return key == null ? Optional.empty() : findStarted(modelId, key.value(), () -> key);
    }

    /**
     * Waits for the end of a training, but no longer than this.
     *
     * @param start starts or finds the training; it is not called if too many requests wait. If they do so afterwards, this
     *     one does not wait
     * @return the training at that time
     */
    public CompletableFuture<Training> await(Supplier<Training> start, Duration timeout) {
        return monitor.await(start, timeout);
    }

    /**
     * Notifies a subscriber of the state of a training, now and ten times a second, even if it has not changed.
     *
     * @param subscriber must not block
     */
    public TrainingSubscription subscribe(Training training, Consumer<Training> subscriber) {
        return monitor.subscribe(training, subscriber);
    }

    /** The model, if no other training of it is queued or running. */
    private Optional<Model> idle(String modelId, Predicate<Model> precondition) {
        Model model = models.require(modelId, precondition);
        if (model.training()) {
            models.refresh(modelId);
            model = models.require(modelId, precondition);
        }
        return Optional.of(model).filter(known -> !known.training());
    }

    private RuntimeException running(String modelId) {
        return store.current(modelId)
                .<RuntimeException>map(number -> TrainingException.running(modelId, number))
                .orElseGet(() -> ModelException.inTraining(modelId));
    }

    public Training get(String modelId, int number) {
        models.requireExists(modelId);
        return monitor.current(find(modelId, number));
    }

    /**
     * The losses and scores of all epochs of a training. Those of a training in another process are as old as its last
     * checkpoint.
     */
    public History history(String modelId, int number) {
        models.requireExists(modelId);
        Training training = find(modelId, number);
        return workers.find(training.id()).map(TrainingRun::history).orElseGet(() -> {
            memory.acquire(History.bytes(training.progress().epochs()));
            return store.history(training.id());
        });
    }

    /** The stored trainings of a model, newest first. */
    public List<Training> list(String modelId) {
        models.requireExists(modelId);
        List<Training> trainings = store.list(modelId);
        trainings.stream().limit(1).forEach(monitor::current); // refreshes the model
        return trainings.stream().map(monitor::withProgress).toList();
    }

    /**
     * The stored trainings of all models, newest first.
     *
     * @param state null for any
     * @param cursor {@link TrainingPage#next} of the previous page; null for the first page
     */
    public TrainingPage list(Training.@Nullable State state, int limit, @Nullable PageCursor cursor) {
        TrainingPage page = store.list(state, limit, cursor);
        return new TrainingPage(
                page.trainings().stream().map(monitor::withProgress).toList(), page.next());
    }

    /**
     * Cancels a training and waits for its end, but no longer than this, and not at all if too many requests wait. Does
     * nothing if it is over.
     *
     * @param keep whether to publish what was reached
     * @return the training at that time; fails with {@link TrainingException} if nothing is published although it is to be
     *     kept
     */
    public CompletableFuture<Training> cancel(String modelId, int number, boolean keep, Duration timeout) {
        return monitor.awaitIfPossible(requestCancellation(modelId, number, keep), timeout)
                .thenApply(training -> {
                    if (keep && training.hasLostParameters()) {
                        throw TrainingException.notKept(training);
                    }
                    return training;
                });
    }

    private Training requestCancellation(String modelId, int number, boolean keep) {
        models.requireExists(modelId);
        Training training = find(modelId, number);
        if (keep && training.kind() == Training.Kind.CROSS_VALIDATION) {
            throw TrainingException.notKept(training);
        }
        if (!training.isOver()) {
            store.cancel(training.id(), keep);
            if (keep) {
                endParts(training);
            }
            workers.applyCancellations(); // which may be an earlier one
            external.endCancelled();
            monitor.update(training.id());
            models.refreshIfCached(modelId);
        }
        return training;
    }

    /** Ends the parts of a training, to publish what they have reached. */
    private void endParts(Training training) {
        PartedTraining kind = kinds.find(training.kind());
        TrainingSettings settings = training.settings();
        if (kind != null && settings != null) {
            parts.endEarly(training.id(), completed -> kind.next(settings, completed, PartedTraining.Ending.KEEP));
        }
    }

    private Training find(String modelId, int number) {
        return store.find(modelId, number).orElseThrow(() -> TrainingException.notFound(modelId, number));
    }
}
