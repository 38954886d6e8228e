package io.backprop.training;

import io.backprop.engine.TrainingState;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Writes checkpoints while trainings run. A checkpoint that can't be written does not affect its training. */
@Component
class CheckpointWriter {

    private static final Logger log = LoggerFactory.getLogger(CheckpointWriter.class);

    /** The pause after a checkpoint is at least this many times as long as writing it took. */
    private static final int PAUSE_FACTOR = 10;

    private final TrainingStore store;
    private final Duration interval;
    private final Executor thread;

    CheckpointWriter(
            TrainingStore store, TrainingProperties properties, @Qualifier("checkpointThread") Executor thread) {
        this.store = store;
        this.interval = properties.checkpointInterval();
        this.thread = thread;
    }

    Duration interval() {
        return interval;
    }

    /** Copies the state and writes it in another thread. */
    void write(TrainingRun run, Supplier<TrainingState> current) {
        try {
            TrainingState state = current.get();
            thread.execute(() -> {
                long start = System.nanoTime();
                writeNow(run, state);
                Duration pause = Duration.ofNanos(PAUSE_FACTOR * (System.nanoTime() - start));
                run.noCheckpointFor(pause.compareTo(interval) > 0 ? pause : interval);
            });
        } catch (OutOfMemoryError | RejectedExecutionException e) { // no memory for a copy, or the process shuts down
            run.noCheckpointFor(interval);
        }
    }

    void writeNow(TrainingRun run, TrainingState state) {
        try {
            if (!store.checkpoint(run.lease(), run.checkpoint(state))) {
                run.loseLease();
            }
        } catch (StorageFullException | StorageUnavailableException e) {
            log.warn(
                    "Training {} continues without a checkpoint: {}",
                    run.lease().trainingId(),
                    e.getMessage());
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("Training {} continues without a checkpoint", run.lease().trainingId(), e);
        }
    }
}
