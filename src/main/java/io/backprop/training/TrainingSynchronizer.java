package io.backprop.training;

import io.backprop.model.ModelDeletedEvent;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Keeps the trainings of this process and the store in step, so that any process can look at them and stop them. */
@Component
class TrainingSynchronizer {

    private static final Logger log = LoggerFactory.getLogger(TrainingSynchronizer.class);

    private final TrainingStore store;
    private final TrainingWorkers workers;

    TrainingSynchronizer(TrainingStore store, TrainingWorkers workers) {
        this.store = store;
        this.workers = workers;
    }

    /** Passes on what others request. */
    @Scheduled(fixedDelay = 250)
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
                    run.lose();
                } else if (request.cancelled()) {
                    run.cancel(request.keep());
                }
            }
        } catch (StorageUnavailableException e) {
            log.debug("Wishes are not known: {}", e.getMessage());
        }
    }

    @EventListener
    void applyCancellations(ModelDeletedEvent deleted) {
        applyCancellations();
    }

    /** Tells how far the trainings are. */
    @Scheduled(fixedDelay = 1_000)
    void saveProgress() {
        try {
            for (TrainingRun run : workers.runs()) {
                if (!store.saveProgress(run.lease(), run.progress())) {
                    run.lose();
                }
            }
        } catch (StorageFullException | StorageUnavailableException e) {
            log.debug("Progress is not noted: {}", e.getMessage());
        }
    }
}
