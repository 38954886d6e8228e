package io.backprop.training;

import io.backprop.engine.StopReason;
import io.backprop.limits.BusyException;
import io.backprop.model.ModelService;
import io.backprop.model.StorageUnavailableException;
import io.backprop.training.PartedTraining.Ending;
import io.backprop.training.PartedTraining.Next;
import io.backprop.training.PartedTraining.StageEnd;
import io.backprop.training.TrainingRun.Stop;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Executes a stage of a part of a training, then stores its result together with what comes next. */
@Component
class PartExecutor {

    private static final Logger log = LoggerFactory.getLogger(PartExecutor.class);

    private final PartedTrainings kinds;
    private final PartStore store;
    private final TrainingStore trainings;
    private final ModelService models;
    private final TrainingMetrics metrics;

    PartExecutor(
            PartedTrainings kinds,
            PartStore store,
            TrainingStore trainings,
            ModelService models,
            TrainingMetrics metrics) {
        this.kinds = kinds;
        this.store = store;
        this.trainings = trainings;
        this.models = models;
        this.metrics = metrics;
    }

    /**
     * Executes a part to the end of its stage, or until it is suspended.
     *
     * @throws TrainingLease.LostException if another process has taken over, or the training has ended
     * @throws OutOfMemoryError if memory does not suffice, perhaps because of other work; another attempt may succeed
     */
    void execute(TrainingRun run, LeasedTraining leased) {
        PartedTraining kind = kinds.get(leased.training().kind());
        PartedTraining.Assignment assignment = Objects.requireNonNull(leased.part());
        if (leased.lease().token() > assignment.stage() + 1) { // each stage takes one lease unless it is interrupted
            log.info(
                    "{} resumes after epoch {}",
                    run.name(),
                    run.history().loss().size());
        }
        try {
            StageEnd end = kind.run(leased.prepared(), assignment, leased.checkpoint(), run);
            if (end.result() != null) {
                complete(run, end, parts -> kind.next(settings(leased), parts, null));
            } else if (run.stop() == null) {
                endEarly(run, parts -> kind.next(settings(leased), parts, Ending.TIME_LIMIT));
            } else {
                if (run.stop() == Stop.SUSPEND && end.state() != null) {
                    run.writeCheckpoint(end.completed(), end.state());
                }
                stop(run);
            }
        } catch (TrainingLease.LostException | OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            log.error("{} failed", run.name(), e);
            TrainingOutcome failed = TrainingOutcome.failed(StopReason.ERROR, "an unexpected error, which was logged");
            endEarly(run, parts -> new PartedTraining.End(failed));
        }
    }

    private static TrainingSettings settings(LeasedTraining leased) {
        return leased.prepared().settings();
    }

    private void complete(TrainingRun run, StageEnd end, Function<List<TrainingPart>, Next> decision) {
        Duration worked = run.stopClock();
        History history = run.history();
        PartResult result = Objects.requireNonNull(end.result());
        Checkpoint paused = end.state() == null
                ? null
                : new Checkpoint(
                        end.completed(), end.state(), history.first(Checkpoint.epochs(end.completed(), end.state())));
        store(run, () -> store.complete(run.lease(), result, paused, history, worked, decision));
    }

    private void endEarly(TrainingRun run, Function<List<TrainingPart>, Next> decision) {
        store(run, () -> store.endEarly(run.lease(), decision));
    }

    /** @param step returns what comes next; empty if the lease is lost */
    private void store(TrainingRun run, Supplier<Optional<Next>> step) {
        boolean stored = TrainingExecutor.withRetry(run, EnumSet.of(Stop.SUSPEND, Stop.LEASE_LOST), () -> {
            Optional<Next> next = step.get();
            next.filter(PartedTraining.End.class::isInstance).ifPresent(end -> ended(run));
            return next.isPresent();
        });
        if (!stored) {
            stop(run);
        }
    }

    private void stop(TrainingRun run) {
        if (run.stop() != Stop.SUSPEND) {
            throw new TrainingLease.LostException(run.lease());
        }
        TrainingExecutor.release(run);
    }

    private void ended(TrainingRun run) {
        try {
            trainings.find(run.training().id()).ifPresent(training -> {
                metrics.ended(
                        training.kind(), training.state(), training.progress().worked());
                training.log(log.atInfo(), "ended");
            });
            models.refreshIfCached(run.training().model());
        } catch (BusyException | StorageUnavailableException e) { // the model is refreshed periodically too
            log.debug("The end of {} is not reported: {}", run.training().name(), e.getMessage());
        }
    }
}
