package io.backprop.training;

import io.backprop.limits.MemoryBudget;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.ModelService;
import io.backprop.model.PageCursor;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.Preprocessing.Columns;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Starts, finds and cancels trainings, which may run in another process. A model has one running training at a time. */
@Service
public class TrainingService {

    private final ModelService models;
    private final TrainingPreparation preparation;
    private final TrainingStore store;
    private final TrainingWorkers workers;
    private final CompletionNotifier notifier;
    private final MemoryBudget memory;

    TrainingService(
            ModelService models,
            TrainingPreparation preparation,
            TrainingStore store,
            TrainingWorkers workers,
            CompletionNotifier notifier,
            MemoryBudget memory) {
        this.models = models;
        this.preparation = preparation;
        this.store = store;
        this.workers = workers;
        this.notifier = notifier;
        this.memory = memory;
    }

    /**
     * Checks whether a training can start, as far as this is possible without its data, so that a large table is not read
     * in vain. Passes too if the idempotency key is in use, since {@link #start} may then return that training.
     *
     * @param precondition condition on the current model
     * @param key value of the idempotency key
     */
    public void requireStartable(
            String modelId, Predicate<Model> precondition, TrainingCommand command, @Nullable String key) {
        if (findByKey(modelId, key).isPresent()) {
            return;
        }
        preparation.requireWithinLimits(command);
        if (idle(modelId, precondition).isEmpty()
                && findByKey(modelId, key).isEmpty()) { // the same request may have come twice at once
            throw running(modelId);
        }
    }

    /** The format of the cells that the model was trained with, unless the training starts fresh. */
    public CellFormat cellFormat(String modelId, TrainingCommand command) {
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
        PreparedTraining prepared = null;
        Optional<Training> started = findStarted(modelId, key);
        while (started.isEmpty()) { // again if the model changes during the preparation
            Optional<Model> idle = idle(modelId, precondition);
            if (idle.isPresent()) {
                prepared = prepared == null
                        ? preparation.prepare(idle.get(), command, source)
                        : preparation.prepareAgain(idle.get(), command, source, prepared);
                started = add(prepared, source, key).or(() -> findStarted(modelId, key));
            } else {
                started = Optional.of(findStarted(modelId, key).orElseThrow(() -> running(modelId)));
            }
        }
        return started.get();
    }

    private Optional<Training> add(PreparedTraining prepared, ExampleSource source, @Nullable IdempotencyKey key) {
        Optional<Training> added = store.add(prepared, key, workers.maxQueued());
        if (added.isPresent() && source instanceof TableSource) {
            memory.current().release(); // the table now belongs to the training
        }
        models.refresh(prepared.model().id());
        return added;
    }

    /** The training that was started with this key by the same request. */
    private Optional<Training> findStarted(String modelId, @Nullable IdempotencyKey key) {
        Optional<Training> started = findByKey(modelId, key == null ? null : key.value());
        started.filter(training -> !Objects.equals(training.key(), key)).ifPresent(training -> {
            throw TrainingException.idempotencyKeyReused(modelId, training.number());
        });
        return started;
    }

    private Optional<Training> findByKey(String modelId, @Nullable String key) {
        if (key == null) {
            return Optional.empty();
        }
        models.get(modelId);
        return store.findByKey(modelId, key);
    }

    /** Waits for the end of a training, but no longer than this. */
    public Training await(Training training, Duration wait) throws InterruptedException {
        return refreshed(withProgress(notifier.await(training, wait)));
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
        models.get(modelId);
        return refreshed(withProgress(find(modelId, number)));
    }

    /**
     * The losses and scores of all epochs of a training. Those of a training in another process are as old as its last
     * checkpoint.
     */
    public History history(String modelId, int number) {
        models.get(modelId);
        Training training = find(modelId, number);
        return workers.find(training.id()).map(TrainingRun::history).orElseGet(() -> store.history(training.id()));
    }

    /** The stored trainings of a model, newest first. */
    public List<Training> list(String modelId) {
        models.get(modelId);
        List<Training> trainings =
                store.list(modelId).stream().map(this::withProgress).toList();
        trainings.stream().limit(1).forEach(this::refreshed);
        return trainings;
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
                page.trainings().stream().map(this::withProgress).toList(), page.next());
    }

    /**
     * Cancels a training and waits for its end, but no longer than this. Does nothing if it is over.
     *
     * @param keep whether to publish what was reached
     * @throws TrainingException if nothing is published although it is to be kept
     */
    public Training cancel(String modelId, int number, boolean keep, Duration wait) throws InterruptedException {
        models.get(modelId);
        Training training = find(modelId, number);
        if (keep && training.kind() == Training.Kind.CROSS_VALIDATION) {
            throw TrainingException.notKept(training);
        }
        if (!training.isOver()) {
            store.cancel(training.id(), keep);
            workers.applyCancellations(); // which may be an earlier one
            notifier.notifyWaiters(training.id());
            models.refresh(modelId);
            training = notifier.await(training, wait);
        }
        if (keep && training.hasLostParameters()) {
            throw TrainingException.notKept(training);
        }
        return refreshed(withProgress(training));
    }

    private Training find(String modelId, int number) {
        return store.find(modelId, number).orElseThrow(() -> TrainingException.notFound(modelId, number));
    }

    /** The training with its current progress, if it runs in this process. */
    private Training withProgress(Training stored) {
        return stored.isOver()
                ? stored
                : workers.find(stored.id())
                        .map(run -> stored.withProgress(run.progress()))
                        .orElse(stored);
    }

    /** Refreshes the model if the training is over, so that a client that sees the end also sees the new version. */
    private Training refreshed(Training training) {
        if (training.isOver()) {
            try {
                Model model = models.get(training.model());
                Long version = training.outcome().version();
                if (model.training() || (version != null && model.version() < version)) {
                    models.refresh(training.model());
                }
            } catch (ModelNotFoundException e) {
                return training; // cancelled by the deletion
            }
        }
        return training;
    }
}
