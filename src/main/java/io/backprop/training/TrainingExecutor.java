package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Parallelism;
import io.backprop.engine.StopReason;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.engine.TrainingResult;
import io.backprop.model.Metrics;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.ModelService;
import io.backprop.model.Publication;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What is done for one training: train, then publish the result or tell what went wrong. */
@Component
class TrainingExecutor {

    private static final Logger log = LoggerFactory.getLogger(TrainingExecutor.class);
    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(1);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    private final ModelService models;
    private final TrainingStore store;
    private final CheckpointWriter checkpoints;

    TrainingExecutor(ModelService models, TrainingStore store, CheckpointWriter checkpoints) {
        this.models = models;
        this.store = store;
        this.checkpoints = checkpoints;
    }

    /** If even the end can't be stored, or the training is another's by now, this throws. */
    void execute(TrainingRun run, LeasedTraining leased, Parallelism threads) {
        String model = leased.training().model();
        try {
            train(run, leased, threads);
        } catch (LeaseLostException | StorageUnavailableException e) {
            throw e;
        } catch (TrainingDivergedException e) {
            fail(run, model, StopReason.DIVERGED, e.getMessage());
        } catch (ModelNotFoundException e) {
            throw new LeaseLostException(run.lease());
        } catch (StorageFullException e) {
            fail(run, model, StopReason.ERROR, e.getMessage());
        } catch (OutOfMemoryError e) {
            log.error("training of model {} ran out of memory", model);
            fail(run, model, StopReason.ERROR, "not enough memory for this training");
        } catch (RuntimeException | Error e) {
            log.error("training of model {} failed", model, e);
            fail(run, model, StopReason.ERROR, "an unexpected error, which was logged");
        }
    }

    private void train(TrainingRun run, LeasedTraining leased, Parallelism threads) {
        if (leased.prepared().folds() > 0) {
            crossValidate(run, leased, threads);
            return;
        }
        Trainer trainer = trainer(leased).using(threads);
        TrainingResult result = trainer.train(run);
        if (run.isLost()) {
            throw new LeaseLostException(run.lease());
        }
        if (result.stopReason() != StopReason.CANCELLED) {
            publish(run, leased, result, Training.State.SUCCEEDED);
        } else if (!run.isCancelled()) {
            suspend(run, trainer);
        } else if (run.keepsReached()) {
            publish(run, leased, result, Training.State.CANCELLED);
        } else {
            end(run, leased.training().model(), end(run, Training.State.CANCELLED, StopReason.CANCELLED, null));
        }
    }

    private void crossValidate(TrainingRun run, LeasedTraining leased, Parallelism threads) {
        Optional<CrossValidation> validation = new CrossValidator(leased.prepared(), run, threads).validate();
        String model = leased.training().model();
        if (run.isLost()) {
            throw new LeaseLostException(run.lease());
        }
        if (validation.isPresent()) {
            end(
                    run,
                    model,
                    new TrainingOutcome(
                            Training.State.SUCCEEDED,
                            validation.get().stopReason(leased.prepared().plan().epochs()),
                            null,
                            validation.get().means(),
                            validation.get(),
                            null,
                            run.worked()));
        } else if (run.isCancelled()) {
            end(run, model, end(run, Training.State.CANCELLED, StopReason.CANCELLED, null));
        } else if (run.isSuspended()) {
            release(run);
        } else {
            fail(run, model, StopReason.TIME_LIMIT, "the time limit was reached before all folds were through");
        }
    }

    /** Without room or a database the last checkpoint stands, and others find out that this process is gone. */
    private void suspend(TrainingRun run, Trainer trainer) {
        checkpoints.writeNow(run, trainer.state());
        release(run);
    }

    private void release(TrainingRun run) {
        try {
            store.saveProgress(run.lease(), run.progress());
            store.release(run.lease());
        } catch (StorageFullException | StorageUnavailableException e) {
            log.warn("Training {} is not given back: {}", run.lease().trainingId(), e.getMessage());
        }
    }

    private static Trainer trainer(LeasedTraining leased) {
        PreparedTraining prepared = leased.prepared();
        Trainer trainer = leased.checkpoint() == null
                ? Trainer.start(prepared.start(), prepared.plan(), prepared.data())
                : Trainer.resume(
                        prepared.architecture().networkSpec().orElseThrow(),
                        leased.checkpoint().state(),
                        prepared.plan(),
                        prepared.data());
        Examples validation = prepared.data().validation();
        return validation == null
                ? trainer
                : trainer.measuring(Metrics.keyMetric(prepared.architecture(), validation.targets()));
    }

    private void publish(TrainingRun run, LeasedTraining leased, TrainingResult result, Training.State state) {
        PreparedTraining prepared = leased.prepared();
        Duration worked = run.worked();
        Map<String, @Nullable Double> metrics = metrics(prepared, result);
        Publication publication = new Publication(
                prepared.architecture(), result.network(), prepared.epochsBefore() + result.epochsCompleted(), metrics);
        TrainingOutcome end =
                new TrainingOutcome(state, result.stopReason(), result.bestEpoch(), metrics, null, null, worked);
        withRetry(run, () -> {
            models.publish(
                    prepared.model(),
                    publication,
                    (expected, next, oldestKept) -> requireLease(
                            run, store.publish(run.lease(), end, run.history(), expected, next, oldestKept)));
            return true;
        });
    }

    private void fail(TrainingRun run, String model, StopReason reason, @Nullable String error) {
        end(run, model, end(run, Training.State.FAILED, reason, error));
    }

    private static TrainingOutcome end(
            TrainingRun run, Training.State state, StopReason reason, @Nullable String error) {
        return TrainingOutcome.without(state, reason, error, run.worked());
    }

    private void end(TrainingRun run, String model, TrainingOutcome end) {
        withRetry(run, () -> store.end(run.lease(), end, run.history()));
        try {
            models.refresh(model);
        } catch (ModelNotFoundException | StorageUnavailableException e) { // soon it is tried again
            log.debug("model {} is not refreshed: {}", model, e.getMessage());
        }
    }

    /** What took hours may wait for a minute. */
    private static void withRetry(TrainingRun run, BooleanSupplier step) {
        long end = System.nanoTime() + LONGEST_OUTAGE.toNanos();
        while (true) {
            try {
                requireLease(run, step.getAsBoolean());
                return;
            } catch (StorageFullException | StorageUnavailableException e) {
                if (System.nanoTime() > end || run.isSuspended() || run.isLost()) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            }
        }
    }

    private static boolean requireLease(TrainingRun run, boolean done) {
        if (!done) {
            throw new LeaseLostException(run.lease());
        }
        return true;
    }

    /** Of the validation examples if there are any, else of the training examples. */
    private static Map<String, @Nullable Double> metrics(PreparedTraining prepared, TrainingResult result) {
        Examples examples = prepared.data().validation() == null
                ? prepared.data().training()
                : prepared.data().validation();
        Matrix predictions = result.predict(examples.inputs());
        return Metrics.summary(prepared.architecture(), predictions, examples.targets());
    }
}
