package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Parallelism;
import io.backprop.engine.StopReason;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.engine.TrainingResult;
import io.backprop.model.Metrics;
import io.backprop.model.Model;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.ModelService;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.tabular.Preprocessing;
import io.backprop.training.TrainingRun.Stop;
import io.backprop.training.TrainingStore.NextVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.stereotype.Component;

/** Executes one training: trains, then publishes the result or stores what went wrong. */
@Component
class TrainingExecutor {

    private static final Logger log = LoggerFactory.getLogger(TrainingExecutor.class);

    /** A result that took hours is not given up while the database is restarted. */
    private static final Duration RETRY_TIMEOUT = Duration.ofMinutes(1);

    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    private final ModelService models;
    private final TrainingStore store;

    TrainingExecutor(ModelService models, TrainingStore store) {
        this.models = models;
        this.store = store;
    }

    /**
     * Executes a training to its end, or until it is suspended.
     *
     * @throws TrainingLease.LostException if another process has taken over, or the model was deleted
     * @throws StorageUnavailableException if not even the end could be stored
     */
    void execute(TrainingRun run, LeasedTraining leased, Parallelism parallelism) {
        log.info(
                "Training {}: {}",
                leased.lease().token() == 1 ? "started" : "resumed",
                leased.training().describe(run.history().loss().size()));
        try {
            if (leased.prepared().folds() > 0) {
                crossValidate(run, leased.prepared(), parallelism);
            } else {
                train(run, leased, parallelism);
            }
        } catch (TrainingLease.LostException | StorageUnavailableException e) {
            throw e;
        } catch (TrainingDivergedException e) {
            fail(run, StopReason.DIVERGED, explain(e, leased.prepared()));
        } catch (ModelNotFoundException e) {
            throw new TrainingLease.LostException(run.lease());
        } catch (StorageFullException e) {
            fail(run, StopReason.ERROR, String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            log.error("{} ran out of memory", run.training().name());
            fail(run, StopReason.ERROR, "not enough memory for this training");
        } catch (RuntimeException | Error e) {
            log.error("{} failed", run.training().name(), e);
            fail(run, StopReason.ERROR, "an unexpected error, which was logged");
        }
    }

    private void train(TrainingRun run, LeasedTraining leased, Parallelism parallelism) {
        Trainer trainer = trainer(leased).using(parallelism);
        TrainingResult result;
        String error = null;
        try {
            result = trainer.train(run);
        } catch (TrainingDivergedException e) {
            result = e.best().orElseThrow(() -> e);
            error = "%s; the parameters of epoch %d, the best one, are published"
                    .formatted(explain(e, leased.prepared()), result.bestEpoch());
        }
        if (result.stopReason() != StopReason.CANCELLED || run.stop() == Stop.KEEP) {
            ResultMetrics metrics = new ResultMetrics(leased.prepared().architecture(), result, run, parallelism);
            if (publish(run, leased, result, metrics, error)) {
                return;
            }
        }
        if (run.stop() == Stop.SUSPEND) {
            run.writeCheckpoint(trainer.state());
        }
        stop(run);
    }

    private static String explain(TrainingDivergedException e, PreparedTraining prepared) {
        boolean scaled = !(prepared.architecture().preprocessing() instanceof Preprocessing.None);
        return e.getMessage() + (scaled ? "" : " (a model with standardize scales them)");
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

    private void crossValidate(TrainingRun run, PreparedTraining prepared, Parallelism parallelism) {
        Optional<CrossValidation> completed = new CrossValidator(prepared, run, parallelism).validate();
        if (completed.isPresent()) {
            CrossValidation validation = completed.get();
            StopReason reason = validation.stopReason(prepared.plan().epochs());
            end(
                    run,
                    new TrainingOutcome(
                            reason, null, null, validation.means(), validation.results(), null, List.of(), null));
        } else if (run.stop() == null) {
            fail(run, StopReason.TIME_LIMIT, "the time limit was reached before all folds were completed");
        } else {
            stop(run);
        }
    }

    /** Ends or releases a training that was stopped and has nothing to publish. */
    private void stop(TrainingRun run) {
        switch (Objects.requireNonNull(run.stop())) {
            case DISCARD, KEEP -> end(run, TrainingOutcome.CANCELLED);
            case SUSPEND -> release(run);
            case LEASE_LOST -> throw new TrainingLease.LostException(run.lease());
        }
    }

    /** If the training can't be released now, other processes take it over later, from the last checkpoint. */
    private void release(TrainingRun run) {
        try {
            store.saveProgress(run.lease(), run.progress());
            store.release(run.lease());
            log.info(
                    "{} is suspended after epoch {}",
                    run.training().name(),
                    run.history().loss().size());
        } catch (StorageFullException | StorageUnavailableException e) {
            log.warn("{} is not released: {}", run.training().name(), e.getMessage());
        }
    }

    /**
     * Publishes a result.
     *
     * @param error why the training has failed, if it has
     * @return false if the run is stopped before everything is measured
     */
    private boolean publish(
            TrainingRun run,
            LeasedTraining leased,
            TrainingResult result,
            ResultMetrics metrics,
            @Nullable String error) {
        PreparedTraining prepared = leased.prepared();
        Duration worked = run.worked();
        Metrics training = metrics.of(prepared.data().training());
        Metrics validation = metrics.of(prepared.data().validation());
        if (metrics.isIncomplete()) {
            return false;
        }
        Map<String, @Nullable Double> trainingNumbers = training == null ? null : training.numbers();
        Map<String, @Nullable Double> validationNumbers = validation == null ? null : validation.numbers();
        List<String> warnings = NeverPredictedClasses.warnings(prepared, training, validation);
        long epochs = prepared.epochsBefore() + result.epochsCompleted();
        Model trained = prepared.model()
                .withParameters(
                        prepared.architecture(),
                        result.network(),
                        epochs,
                        trainingNumbers,
                        validationNumbers,
                        Stream.concat(leased.training().warnings().stream(), warnings.stream())
                                .toList());
        withRetry(run, () -> {
            Model next = models.nextVersion(trained);
            TrainingOutcome outcome = new TrainingOutcome(
                    result.stopReason(),
                    result.bestEpoch(),
                    trainingNumbers,
                    validationNumbers,
                    List.of(),
                    next.version(),
                    warnings,
                    error);
            NextVersion version = new NextVersion(prepared.model(), next, models.oldestKept(next));
            return end(run, outcome, worked, version);
        });
        refresh(trained.id());
        return true;
    }

    private void fail(TrainingRun run, StopReason reason, String error) {
        end(run, TrainingOutcome.failed(reason, error));
    }

    private void end(TrainingRun run, TrainingOutcome outcome) {
        Duration worked = run.worked();
        withRetry(run, () -> end(run, outcome, worked, null));
        refresh(run.training().model());
    }

    /** Returns false if the lease is lost. */
    private boolean end(TrainingRun run, TrainingOutcome outcome, Duration worked, @Nullable NextVersion version) {
        boolean ended = store.end(run.lease(), outcome, run.history(), worked, version);
        if (ended) {
            log.info(
                    "Training ended: {}",
                    run.training().describe(outcome, Training.Progress.of(run.history(), worked)));
        }
        return ended;
    }

    private void refresh(String model) {
        try {
            models.refresh(model);
        } catch (ModelNotFoundException | StorageUnavailableException e) { // refreshed periodically too
            log.debug("Model {} is not refreshed: {}", model, e.getMessage());
        }
    }

    /**
     * Retries a step while the store is unavailable, unless the process shuts down.
     *
     * @param step returns false if the lease is lost
     */
    private static void withRetry(TrainingRun run, BooleanSupplier step) {
        RetryPolicy policy = RetryPolicy.builder()
                .includes(StorageFullException.class, StorageUnavailableException.class)
                .predicate(e -> run.stop() != Stop.SUSPEND && run.stop() != Stop.LEASE_LOST)
                .delay(RETRY_DELAY)
                .maxRetries(Long.MAX_VALUE)
                .timeout(RETRY_TIMEOUT)
                .build();
        if (!new RetryTemplate(policy).invoke(step::getAsBoolean)) {
            throw new TrainingLease.LostException(run.lease());
        }
    }
}
