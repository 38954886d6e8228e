package io.backprop.training;

import io.backprop.model.Model;
import io.backprop.model.ModelDeleted;
import io.backprop.model.ModelService;
import java.time.Duration;
import java.util.List;
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
        Model model = models.beginTraining(modelId)
                .orElseThrow(
                        () -> new TrainingRunningException(modelId, of(modelId).lastNumber()));
        try {
            PreparedTraining prepared = preparation.prepare(model, order);
            TrainingRun run = of(modelId).add(number -> new TrainingRun(modelId, number, prepared));
            workers.submit(run, prepared);
            return run;
        } catch (RuntimeException | Error e) {
            models.endTraining(model);
            throw e;
        }
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
        return run.snapshot();
    }

    private TrainingRun run(String modelId, int number) {
        models.get(modelId);
        return of(modelId).find(number).orElseThrow(() -> new TrainingNotFoundException(modelId, number));
    }

    private ModelTrainings of(String modelId) {
        return trainings.computeIfAbsent(modelId, id -> new ModelTrainings());
    }

    @EventListener
    void forget(ModelDeleted deleted) {
        ModelTrainings gone = trainings.remove(deleted.id());
        if (gone != null) {
            gone.newestFirst().forEach(run -> run.cancel(false));
        }
    }
}
