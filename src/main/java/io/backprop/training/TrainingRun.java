package io.backprop.training;

import io.backprop.engine.EpochReport;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingState;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A training that runs in this process: reports progress, relays cancellation, and asks for checkpoints. */
final class TrainingRun implements TrainingListener {
    /*
     * One thread trains, any number of threads read. What is read between steps is volatile; only the end of an epoch takes
     * a lock, that of the history. Nothing here accesses the store. The run does not hold the data, so that it can be
     * collected when the training is over.
     */

    private final TrainingLease lease;
    private final Duration workedBefore;
    private final HistoryRecorder history;
    private final CheckpointWriter checkpoints;
    private final long startNanos = System.nanoTime();
    private final long deadline;
    private volatile long nextCheckpoint;
    private volatile boolean cancelled;
    private volatile boolean keep;
    private volatile boolean suspended;
    private volatile boolean leaseLost;

    TrainingRun(LeasedTraining leased, CheckpointWriter checkpoints) {
        this.lease = leased.lease();
        this.workedBefore = leased.training().progress().worked();
        this.history = new HistoryRecorder(
                leased.checkpoint() == null
                        ? History.EMPTY
                        : leased.checkpoint().history());
        this.checkpoints = checkpoints;
        this.deadline =
                startNanos + leased.prepared().timeLimit().minus(workedBefore).toNanos();
        this.nextCheckpoint = startNanos + checkpoints.interval().toNanos();
    }

    @Override
    public void epochEnded(EpochReport report) {
        history.add(report);
    }

    @Override
    public @Nullable StopReason stopRequested(Supplier<TrainingState> state) {
        StopReason reason = stopReason();
        if (reason == null && System.nanoTime() - nextCheckpoint >= 0) {
            noCheckpointFor(Duration.ofDays(1)); // until this one is written
            checkpoints.write(this, state);
        }
        return reason;
    }

    /** Why the training is to stop; null if it is not. */
    @Nullable
    StopReason stopReason() {
        if (cancelled || suspended || leaseLost) {
            return StopReason.CANCELLED;
        }
        return System.nanoTime() - deadline >= 0 ? StopReason.TIME_LIMIT : null;
    }

    void noCheckpointFor(Duration pause) {
        nextCheckpoint = System.nanoTime() + pause.toNanos();
    }

    /** Requests that the training stops; the first request decides whether to publish what was reached. */
    synchronized void cancel(boolean keepReached) {
        if (!cancelled) {
            keep = keepReached;
            cancelled = true;
        }
    }

    /** Requests that the training stops in this process, to be resumed later. */
    void suspend() {
        suspended = true;
    }

    /** Requests that the training stops, because its result can't be stored any more. */
    void loseLease() {
        leaseLost = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    boolean keepsReached() {
        return keep;
    }

    boolean isSuspended() {
        return suspended;
    }

    boolean isLeaseLost() {
        return leaseLost;
    }

    TrainingLease lease() {
        return lease;
    }

    History history() {
        return history.history();
    }

    Checkpoint checkpoint(TrainingState state) {
        return new Checkpoint(state, history().first(state.progress().epoch()));
    }

    Duration worked() {
        return workedBefore.plusNanos(System.nanoTime() - startNanos);
    }

    Training.Progress progress() {
        return Training.Progress.of(history(), worked());
    }
}
