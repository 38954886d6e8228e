package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.engine.Examples;
import io.backprop.engine.StopReason;
import io.backprop.engine.Threads;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.model.Metrics;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.tabular.Preprocessing;
import io.backprop.training.TrainingRun.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Executes one training: trains, then publishes the result or stores what went wrong. */
@Component
class TrainingExecutor {

    private static final Logger log = LoggerFactory.getLogger(TrainingExecutor.class);

    private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY_DELAY = Duration.ofSeconds(30);

    private final PartStore parts;
    private final PartedTrainings kinds;
    private final TrainingPublisher publisher;

    TrainingExecutor(PartStore parts, PartedTrainings kinds, TrainingPublisher publisher) {
        this.parts = parts;
        this.kinds = kinds;
        this.publisher = publisher;
    }

    /**
     * Executes a training to its end, or until it is suspended.
     *
     * @throws TrainingLease.LostException if another process has taken over, or the model was deleted
     * @throws OutOfMemoryError if memory does not suffice, perhaps because of other work; another attempt may succeed
     */
    void execute(TrainingRun run, LeasedTraining leased, Threads threads) {
        boolean first = leased.lease().token() == 1;
        run.current().log(first ? log.atDebug() : log.atInfo(), first ? "started" : "resumed");
        try {
            train(run, leased, threads);
        } catch (TrainingLease.LostException | OutOfMemoryError e) {
            throw e;
        } catch (TrainingDivergedException e) {
            fail(run, StopReason.DIVERGED, explain(e, leased.prepared()));
        } catch (ModelNotFoundException e) {
            throw new TrainingLease.LostException(run.lease());
        } catch (RuntimeException | Error e) {
            log.error("{} failed", run.training().name(), e);
            fail(run, StopReason.ERROR, "an unexpected error, which was logged");
        }
    }

    private void train(TrainingRun run, LeasedTraining stored, Threads threads) {
        PartedTraining parted = kinds.find(stored.training().kind());
        PartedTraining.Refit refit = parted == null
                ? PartedTraining.Refit.of(stored.prepared())
                : parted.refit(stored.prepared(), parts.list(stored.training().id()));
        LeasedTraining leased = stored.with(refit.prepared());
        if (parted != null) {
            run.ignoreTimeLimit(); // which is for the parts; what they have found is always published in full
        }
        EnsembleTrainer trainer = new EnsembleTrainer(leased, run, threads, refit.untilEpoch());
        EnsembleTrainer.Result result = trainer.train();
        if (result.stopReason() != StopReason.CANCELLED || run.stop() == Stop.KEEP) {
            if (publish(run, leased, result, refit, threads)) {
                return;
            }
        }
        if (run.stop() == Stop.SUSPEND) {
            trainer.writeCheckpoint();
        }
        stop(run);
    }

    static String explain(TrainingDivergedException e, PreparedTraining prepared) {
        boolean scaled = !(prepared.architecture().preprocessing() instanceof Preprocessing.None);
        return e.getMessage() + (scaled ? "" : " (a model with standardize scales them)");
    }

    /** Ends or releases a training that was stopped and has nothing to publish. */
    private void stop(TrainingRun run) {
        switch (Objects.requireNonNull(run.stop())) {
            case DISCARD, KEEP -> end(run, TrainingOutcome.CANCELLED);
            case SUSPEND -> release(run);
            case LEASE_LOST -> throw new TrainingLease.LostException(run.lease());
        }
    }

    /** Suspends work. If it can't be released now, other processes take it over later, from the last checkpoint. */
    static void release(TrainingRun run) {
        try {
            run.store().saveProgress(run.lease(), run.progress());
        } catch (StorageFullException | StorageUnavailableException e) { // saved a second ago too
            log.debug("The progress of {} is not saved: {}", run.name(), e.getMessage());
        }
        try {
            run.store().release(run.lease());
            log.info(
                    "{} is suspended after epoch {}",
                    run.name(),
                    run.history().loss().size());
        } catch (StorageFullException | StorageUnavailableException e) {
            log.warn("{} is not released: {}", run.name(), e.getMessage());
        }
    }

    /**
     * Publishes a result.
     *
     * @return false if the run is stopped before everything is measured and stored
     */
    private boolean publish(
            TrainingRun run,
            LeasedTraining leased,
            EnsembleTrainer.Result result,
            PartedTraining.Refit refit,
            Threads threads) {
        PreparedTraining prepared = leased.prepared();
        Duration worked = run.stopClock();
        HeldOutputs held = held(prepared, result, threads);
        PartResult measured = refit.measured();
        double temperature = held != null && prepared.calibrates()
                ? held.temperature(result.spec())
                : measured == null ? 1 : measured.temperature();
        Ensemble ensemble = result.ensemble().withTemperature(temperature);
        ResultMetrics metrics = new ResultMetrics(prepared.architecture(), ensemble, result.epochs(), run, threads);
        Examples rows = prepared.data().training();
        Metrics training = prepared.isByFold() ? metrics.ofUnscaled(rows) : metrics.of(rows);
        Metrics validation = prepared.isByFold() && held != null
                ? held.metrics(prepared.architecture(), result.spec(), temperature)
                : metrics.of(prepared.data().validation());
        if (metrics.isIncomplete()) {
            return false;
        }
        Map<String, @Nullable Double> trainingNumbers = training == null ? null : training.numbers();
        Map<String, @Nullable Double> validationNumbers =
                validation != null ? validation.numbers() : measured == null ? null : measured.metrics();
        List<String> warnings = new ArrayList<>(NeverPredictedClasses.warnings(prepared, training, validation));
        result.incompleteWarning(prepared.networks()).ifPresent(warnings::add);
        String error = result.diverged() == null ? null : explainKept(result, result.diverged(), prepared);
        TrainingPublisher.Reached reached = new TrainingPublisher.Reached(
                ensemble,
                result.epochs(),
                result.stopReason(),
                result.bestEpoch(),
                trainingNumbers,
                validationNumbers,
                warnings,
                error);
        boolean published = withRetry(
                run,
                EnumSet.complementOf(EnumSet.of(Stop.KEEP)),
                () -> publisher.publish(
                        leased.training(),
                        run.lease(),
                        prepared.start(),
                        refit.settings(),
                        reached,
                        run.history(),
                        worked));
        if (published) {
            publisher.refresh(leased.training().model());
        }
        return published;
    }

    /** What the networks compute for rows that they were not trained on; null unless that is needed as a whole. */
    private static @Nullable HeldOutputs held(
            PreparedTraining prepared, EnsembleTrainer.Result result, Threads threads) {
        if (prepared.isByFold()) {
            return HeldOutputs.ofFolds(prepared, result.networks());
        }
        Examples validation = prepared.data().validation();
        return validation != null && prepared.calibrates()
                ? HeldOutputs.of(result.ensemble(), validation, threads)
                : null;
    }

    /** Why a training has failed that publishes the parameters of its best epoch. */
    private static String explainKept(
            EnsembleTrainer.Result result, TrainingDivergedException diverged, PreparedTraining prepared) {
        int number = result.networks().size();
        return prepared.networks() == 1
                ? "%s; the parameters of epoch %d, the best one, are published"
                        .formatted(explain(diverged, prepared), result.bestEpoch())
                : "in network %d of %d, %s; the networks before it and the parameters of its best epoch are published"
                        .formatted(number, prepared.networks(), explain(diverged, prepared));
    }

    private void fail(TrainingRun run, StopReason reason, String error) {
        end(run, TrainingOutcome.failed(reason, error));
    }

    private void end(TrainingRun run, TrainingOutcome outcome) {
        Duration worked = run.stopClock();
        if (withRetry(
                run,
                EnumSet.of(Stop.SUSPEND, Stop.LEASE_LOST),
                () -> publisher.end(run.training(), run.lease(), outcome, run.history(), worked))) {
            publisher.refresh(run.training().model());
        } else {
            stop(run);
        }
    }

    /**
     * Tries to store the end of a training until the store is available and has room. The result may have taken hours, so
     * it is given up only if the run is stopped.
     *
     * @param stops the stops after which it is not tried again
     * @param step stores the end; returns false if the lease is lost
     * @return whether the end is stored
     */
    static boolean withRetry(TrainingRun run, Set<Stop> stops, BooleanSupplier step) {
        Duration delay = FIRST_RETRY_DELAY;
        while (true) {
            try {
                if (!step.getAsBoolean()) {
                    throw new TrainingLease.LostException(run.lease());
                }
                return true;
            } catch (StorageFullException | StorageUnavailableException e) {
                if (delay.equals(FIRST_RETRY_DELAY)) {
                    log.warn("The end of {} is not stored yet: {}", run.name(), e.getMessage());
                }
            }
            if (run.awaitStop(stops, delay)) {
                return false;
            }
            delay = delay.multipliedBy(2).compareTo(LAST_RETRY_DELAY) < 0 ? delay.multipliedBy(2) : LAST_RETRY_DELAY;
        }
    }
}
