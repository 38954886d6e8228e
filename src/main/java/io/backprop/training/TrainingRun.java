package io.backprop.training;

import io.backprop.engine.EpochReport;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingState;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A training that this process works at: tells how it stands, passes on the request to stop, asks for checkpoints. */
final class TrainingRun implements TrainingListener {
    /*
     * One thread trains, any number look. What is looked at between steps is volatile; each epoch takes the lock of the
     * history alone, and nothing here touches the store. The data is not held here, so that it is gone when the training
     * is over.
     */

    private final TrainingLease lease;
    private final int examples;
    private final Duration workedBefore;
    private final History history;
    private final CheckpointWriter checkpoints;
    private final long begun = System.nanoTime();
    private final long deadline;
    private volatile long nextCheckpoint;
    private volatile boolean cancelled;
    private volatile boolean keep;
    private volatile boolean suspended;
    private volatile boolean lost;

    TrainingRun(LeasedTraining leased, CheckpointWriter checkpoints) {
        this.lease = leased.lease();
        this.examples = leased.training().examples();
        this.workedBefore = leased.worked();
        this.history = leased.checkpoint() == null
                ? new History()
                : leased.checkpoint().history();
        this.checkpoints = checkpoints;
        this.deadline =
                begun + leased.prepared().timeLimit().minus(workedBefore).toNanos();
        this.nextCheckpoint = begun + checkpoints.interval().toNanos();
    }

    @Override
    public void epochEnded(EpochReport report) {
        history.add(report);
    }

    @Override
    public @Nullable StopReason stopRequested(Supplier<TrainingState> state) {
        StopReason reason = stopReason();
        if (reason == null && System.nanoTime() - nextCheckpoint >= 0) {
            checkpointNotBefore(Duration.ofDays(1)); // but when this one is written
            checkpoints.write(this, state);
        }
        return reason;
    }

    /** Why to stop, if there is any reason. */
    @Nullable
    StopReason stopReason() {
        if (cancelled || suspended || lost) {
            return StopReason.CANCELLED;
        }
        return System.nanoTime() - deadline >= 0 ? StopReason.TIME_LIMIT : null;
    }

    void checkpointNotBefore(Duration fromNow) {
        nextCheckpoint = System.nanoTime() + fromNow.toNanos();
    }

    /** Asks the training to stop soon; whoever asks first says whether to keep what was reached. */
    synchronized void cancel(boolean keepReached) {
        if (!cancelled) {
            keep = keepReached;
            cancelled = true;
        }
    }

    /** Asks the training to stop soon, to be gone on with later. */
    void suspend() {
        suspended = true;
    }

    /** Tells the training that nobody wants its result any more. */
    void lose() {
        lost = true;
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

    boolean isLost() {
        return lost;
    }

    TrainingLease lease() {
        return lease;
    }

    History history() {
        return history;
    }

    Checkpoint checkpoint(TrainingState state) {
        return new Checkpoint(state, history.first(state.progress().epoch()));
    }

    Duration worked() {
        return workedBefore.plusNanos(System.nanoTime() - begun);
    }

    TrainingProgress progress() {
        return new TrainingProgress(history.thinned(), worked());
    }

    /** The training as it stands here. */
    Training snapshot(Training stored) {
        TrainingProgress progress = progress();
        return stored.running(
                progress.losses(), Training.speed(examples, progress.losses().epochs(), progress.worked()));
    }
}
