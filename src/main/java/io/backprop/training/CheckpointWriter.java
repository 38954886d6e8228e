package io.backprop.training;

import io.backprop.engine.TrainingState;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes checkpoints while the trainings go on. */
@Component
class CheckpointWriter {

    private static final Logger log = LoggerFactory.getLogger(CheckpointWriter.class);
    private static final int TIMES_AS_LONG = 10; // as writing takes, between two checkpoints

    private final TrainingStore store;
    private final Duration interval;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(TrainingWorkers.daemons("checkpoints"));

    CheckpointWriter(TrainingStore store, TrainingProperties properties) {
        this.store = store;
        this.interval = properties.checkpointInterval();
    }

    Duration interval() {
        return interval;
    }

    /** Writes soon; if that can't be, the next checkpoint is another attempt. */
    void write(TrainingRun run, Supplier<TrainingState> current) {
        try {
            TrainingState state = current.get();
            thread.execute(() -> {
                long begun = System.nanoTime();
                writeNow(run, state);
                Duration pause = Duration.ofNanos(TIMES_AS_LONG * (System.nanoTime() - begun));
                run.checkpointNotBefore(pause.compareTo(interval) > 0 ? pause : interval);
            });
        } catch (OutOfMemoryError | RejectedExecutionException e) { // no room for a copy, or the process is ending
            run.checkpointNotBefore(interval);
        }
    }

    /** Whatever comes of it, the training is none the worse. */
    void writeNow(TrainingRun run, TrainingState state) {
        try {
            if (!store.checkpoint(run.lease(), run.checkpoint(state))) {
                run.lose();
            }
        } catch (StorageFullException | StorageUnavailableException e) {
            log.warn("Training {} goes on without a checkpoint: {}", run.lease().trainingId(), e.getMessage());
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("Training {} goes on without a checkpoint", run.lease().trainingId(), e);
        }
    }

    @PreDestroy
    void stop() {
        thread.shutdown();
    }
}
