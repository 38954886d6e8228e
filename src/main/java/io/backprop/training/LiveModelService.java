package io.backprop.training;

import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.model.ModelService;
import java.util.Optional;
import org.springframework.stereotype.Service;

/**
 * Models with the parameters that their running trainings have reached.
 *
 * <p>Which parameters these are depends on where the training runs:
 *
 * <ul>
 *   <li>In this process, they are copied at the end of each epoch during which they are requested. The first request waits
 *       at most a second for that.
 *   <li>If the epoch takes longer, or if the training runs in another process, they are those of the last checkpoint, which
 *       may be in the middle of an epoch.
 *   <li>Without a checkpoint, or if the training is queued, they are those that the training starts with.
 * </ul>
 */
@Service
public class LiveModelService {

    private final TrainingService trainings;
    private final TrainingWorkers workers;
    private final TrainingStore store;
    private final ModelService models;
    private final MemoryBudget memory;
    private final ComputeBudget compute;

    LiveModelService(
            TrainingService trainings,
            TrainingWorkers workers,
            TrainingStore store,
            ModelService models,
            MemoryBudget memory,
            ComputeBudget compute) {
        this.trainings = trainings;
        this.workers = workers;
        this.store = store;
        this.models = models;
        this.memory = memory;
        this.compute = compute;
    }

    /**
     * The model with the current parameters of a training, which is counted as used by the current request.
     *
     * @throws TrainingException if the training has ended or is a cross-validation or a search
     */
    public LiveModel get(String modelId, int number) {
        Training training = trainings.get(modelId, number);
        if (training.isOver() || training.kind() != Training.Kind.TRAINING) {
            throw TrainingException.notLive(training);
        }
        compute.release(); // while it waits
        Optional<LiveCopy> copy = workers.find(training.id()).map(TrainingRun::copy);
        LiveModel live = copy.map(LiveCopy::get)
                .or(() -> store.live(training.id(), models.refresh(modelId), memory::acquire))
                .orElseThrow(() -> TrainingException.notLive(trainings.get(modelId, number)));
        copy.ifPresent(latest -> latest.offer(live));
        memory.current().use(live.ensemble(), live.bytes());
        return live;
    }
}
