package io.backprop.training;

import io.backprop.engine.StopReason;
import io.backprop.model.Model;
import io.backprop.model.ModelDeleted;
import io.backprop.model.ModelInTrainingException;
import io.backprop.model.ModelService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/** All trainings. A model has one at a time. */
@Service
public class TrainingService {

    private final ConcurrentMap<String, ModelTrainings> trainings = new ConcurrentHashMap<>();
    private final ModelService models;
    private final TrainingPreparation preparation;
    private final TrainingWorkers workers;

    TrainingService(ModelService models, TrainingPreparation preparation, TrainingWorkers workers) {
        this.models = models;
        this.preparation = preparation;
        this.workers = workers;
    }

    /** Begins a training and waits for its end, but no longer than this. */
    public Training train(String modelId, TrainingOrder order, Duration wait) throws InterruptedException {
        return begin(modelId, order).await(wait);
    }

    private TrainingRun begin(String modelId, TrainingOrder order) {
        Optional<TrainingRun> run = Optional.empty();
        while (run.isEmpty()) { // once more if the model changes during the preparation
            Model model = models.get(modelId);
            if (model.training()) {
                throw running(modelId);
            }
            run = begin(preparation.prepare(model, order));
        }
        return run.get();
    }

    private RuntimeException running(String modelId) {
        int number = of(modelId).lastNumber();
        return number == 0 ? new ModelInTrainingException(modelId) : new TrainingRunningException(modelId, number);
    }

    private Optional<TrainingRun> begin(PreparedTraining prepared) {
        Model model = prepared.model();
        Optional<TrainingRun> begun = models.beginTraining(
                model, () -> of(model.id()).add(number -> new TrainingRun(model.id(), number, prepared)));
        begun.ifPresent(run -> {
            try {
                workers.submit(run, prepared);
            } catch (QueueFullException e) {
                of(model.id()).remove(run);
                models.endTraining(model);
                throw e;
            }
        });
        return begun;
    }

    public Training get(String modelId, int number) {
        return run(modelId, number).snapshot();
    }

    /** The last trainings of a model, newest first. */
    public List<Training> list(String modelId) {
        models.get(modelId);
        return of(modelId).newestFirst().stream().map(TrainingRun::snapshot).toList();
    }

    /**
     * Stops a training soon; one that has ended stays as it is.
     *
     * @param keep whether to publish what was reached
     */
    public Training cancel(String modelId, int number, boolean keep) {
        TrainingRun run = run(modelId, number);
        run.cancel(keep);
        workers.withdraw(run).ifPresent(prepared -> {
            models.endTraining(prepared.model());
            run.end(Training.State.CANCELLED, StopReason.CANCELLED, null);
        });
        return run.snapshot();
    }

    private TrainingRun run(String modelId, int number) {
        models.get(modelId);
        return of(modelId).find(number).orElseThrow(() -> new TrainingNotFoundException(modelId, number));
    }

    private ModelTrainings of(String modelId) {
        return trainings.computeIfAbsent(modelId, id -> new ModelTrainings());
    }

    private void abandon(TrainingRun run) {
        run.cancel(false);
        workers.withdraw(run).ifPresent(prepared -> run.end(Training.State.CANCELLED, StopReason.CANCELLED, null));
    }

    @EventListener
    void forget(ModelDeleted deleted) {
        ModelTrainings gone = trainings.remove(deleted.id());
        if (gone != null) {
            gone.newestFirst().forEach(this::abandon);
        }
    }
}
