package io.backprop.training;

import io.backprop.limits.MemoryBudget;
import io.backprop.model.Model;
import io.backprop.model.ModelInTrainingException;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.ModelService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** All trainings, whichever process works at them. A model has one at a time. */
@Service
public class TrainingService {

    private final ModelService models;
    private final TrainingPreparation preparation;
    private final TrainingStore store;
    private final TrainingWorkers workers;
    private final CompletionNotifier notifier;
    private final TrainingSynchronizer synchronizer;
    private final MemoryBudget memory;

    TrainingService(
            ModelService models,
            TrainingPreparation preparation,
            TrainingStore store,
            TrainingWorkers workers,
            CompletionNotifier notifier,
            TrainingSynchronizer synchronizer,
            MemoryBudget memory) {
        this.models = models;
        this.preparation = preparation;
        this.store = store;
        this.workers = workers;
        this.notifier = notifier;
        this.synchronizer = synchronizer;
        this.memory = memory;
    }

    /**
     * Begins a training and waits for its end, but no longer than this.
     *
     * @param precondition what the model must be
     * @param key if a training was begun with it already, it is that one which is waited for
     */
    public Training train(
            String modelId,
            Predicate<Model> precondition,
            TrainingCommand command,
            @Nullable IdempotencyKey key,
            Duration wait)
            throws InterruptedException {
        return seen(current(notifier.await(begin(modelId, precondition, command, key), wait)));
    }

    private Training begin(
            String modelId, Predicate<Model> precondition, TrainingCommand command, @Nullable IdempotencyKey key) {
        Optional<Training> begun = findByKey(modelId, key);
        PreparedTraining prepared = null;
        while (begun.isEmpty()) { // once more if the model changes during the preparation
            Optional<Model> idle = idle(modelId, precondition);
            if (idle.isPresent()) {
                prepared = preparation.prepare(idle.get(), command, prepared);
                begun = store.add(prepared, key, workers.maxQueued());
                if (begun.isPresent() && command.source() instanceof TrainingSource.Rows) {
                    memory.giveBack(); // the table is the training's by now
                }
                models.refresh(modelId);
            }
            if (begun.isEmpty()) { // perhaps by the same request, sent twice
                begun = findByKey(modelId, key);
            }
            if (begun.isEmpty() && idle.isEmpty()) {
                throw running(modelId);
            }
        }
        return begun.get();
    }

    private Optional<Training> findByKey(String modelId, @Nullable IdempotencyKey key) {
        if (key == null) {
            return Optional.empty();
        }
        models.get(modelId);
        return store.find(modelId, key);
    }

    /** The model that a training can begin from; empty as long as it is in another one. */
    private Optional<Model> idle(String modelId, Predicate<Model> precondition) {
        Model model = models.require(modelId, precondition);
        if (model.training()) {
            models.refresh(modelId);
            model = models.require(modelId, precondition);
        }
        return Optional.of(model).filter(known -> !known.training());
    }

    private RuntimeException running(String modelId) {
        OptionalInt number = store.current(modelId);
        return number.isPresent()
                ? new TrainingRunningException(modelId, number.getAsInt())
                : new ModelInTrainingException(modelId);
    }

    public Training get(String modelId, int number) {
        models.get(modelId);
        return seen(current(find(modelId, number)));
    }

    /** The losses and scores of all epochs of a training, as far as they are known here. */
    public LearningCurves history(String modelId, int number) {
        models.get(modelId);
        Training training = find(modelId, number);
        return workers.run(training.id())
                .map(TrainingRun::history)
                .orElseGet(() -> store.history(training.id()))
                .all();
    }

    /** The last trainings of a model, newest first. */
    public List<Training> list(String modelId) {
        models.get(modelId);
        List<Training> trainings =
                store.list(modelId).stream().map(this::current).toList();
        trainings.stream().limit(1).forEach(this::seen);
        return trainings;
    }

    /**
     * Stops a training and waits for its end, but no longer than this; one that has ended stays as it is.
     *
     * @param keep whether to publish what was reached
     */
    public Training cancel(String modelId, int number, boolean keep, Duration wait) throws InterruptedException {
        models.get(modelId);
        Training training = find(modelId, number);
        if (!training.state().isFinal()) {
            store.cancel(training.id(), keep);
            synchronizer.applyCancellations(); // as whoever came first wished
            notifier.notifyWaiters(training.id());
            models.refresh(modelId);
            training = notifier.await(training, wait);
        }
        return seen(current(training));
    }

    private Training find(String modelId, int number) {
        return store.find(modelId, number).orElseThrow(() -> new TrainingNotFoundException(modelId, number));
    }

    /** With what this process knows better than the store. */
    private Training current(Training stored) {
        return stored.state().isFinal()
                ? stored
                : workers.run(stored.id()).map(run -> run.snapshot(stored)).orElse(stored);
    }

    /** Whoever is told of an end finds the model as it is since, though it was trained elsewhere. */
    private Training seen(Training training) {
        if (training.state().isFinal()) {
            try {
                Model model = models.get(training.model());
                Long version = training.version();
                if (model.training() || (version != null && model.version() < version)) {
                    models.refresh(training.model());
                }
            } catch (ModelNotFoundException e) {
                return training; // it ended since the model was deleted
            }
        }
        return training;
    }
}
