package io.backprop.training;

import io.backprop.model.ModelDeletedEvent;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.training.TrainingStore.CancellationRequest;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Synchronizes the trainings of this process with the store, so that any process can show their progress and cancel them.
 */
@Component
class TrainingSynchronizer {

    private static final Logger log = LoggerFactory.getLogger(TrainingSynchronizer.class);

    private final TrainingStore store;
    private final TrainingWorkers workers;

    TrainingSynchronizer(TrainingStore store, TrainingWorkers workers) {
        this.store = store;
        this.workers = workers;
    }

    @Scheduled(fixedDelay = 250)
    @EventListener(ModelDeletedEvent.class)
    void applyCancellations() {
        Collection<TrainingRun> runs = workers.runs();
        if (runs.isEmpty()) {
            return;
        }
        try {
            Map<TrainingLease, CancellationRequest> requests =
                    store
                            .cancellationRequests(runs.stream()
                                    .map(run -> run.lease().trainingId())
                                    .toList())
                            .stream()
                            .collect(Collectors.toMap(CancellationRequest::lease, Function.identity()));
            for (TrainingRun run : runs) {
                CancellationRequest request = requests.get(run.lease());
                if (request == null) {
                    run.loseLease();
                } else if (request.cancelled()) {
                    run.cancel(request.keep());
                }
            }
        } catch (StorageUnavailableException e) {
            log.debug("Cancellation requests can't be read: {}", e.getMessage());
        }
    }

    @Scheduled(fixedDelay = 1_000)
    void saveProgress() {
        try {
            for (TrainingRun run : workers.runs()) {
                if (!store.saveProgress(run.lease(), run.progress())) {
                    run.loseLease();
                }
            }
        } catch (StorageFullException | StorageUnavailableException e) {
            log.debug("Progress is not saved: {}", e.getMessage());
        }
    }
}
