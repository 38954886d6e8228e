package io.backprop.training;

import io.backprop.model.ModelDeleted;
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
class TrainingWatch {

    private static final Logger log = LoggerFactory.getLogger(TrainingWatch.class);

    private final TrainingStore store;
    private final TrainingWorkers workers;

    TrainingWatch(TrainingStore store, TrainingWorkers workers) {
        this.store = store;
        this.workers = workers;
    }

    /** Passes on what others wish. */
    @Scheduled(fixedDelay = 250)
    void obey() {
        Collection<TrainingRun> runs = workers.runs();
        if (runs.isEmpty()) {
            return;
        }
        try {
            Map<TrainingLease, TrainingWish> wishes =
                    store
                            .wishes(runs.stream()
                                    .map(run -> run.lease().training())
                                    .toList())
                            .stream()
                            .collect(Collectors.toMap(TrainingWish::lease, Function.identity()));
            for (TrainingRun run : runs) {
                TrainingWish wish = wishes.get(run.lease());
                if (wish == null) {
                    run.lose();
                } else if (wish.cancelled()) {
                    run.cancel(wish.keep());
                }
            }
        } catch (StorageUnavailableException e) {
            log.debug("Wishes are not known: {}", e.getMessage());
        }
    }

    @EventListener
    void obey(ModelDeleted deleted) {
        obey();
    }

    /** Tells how far the trainings are. */
    @Scheduled(fixedDelay = 1_000)
    void note() {
        try {
            for (TrainingRun run : workers.runs()) {
                if (!store.note(run.lease(), run.progress())) {
                    run.lose();
                }
            }
        } catch (StorageFullException | StorageUnavailableException e) {
            log.debug("Progress is not noted: {}", e.getMessage());
        }
    }
}
