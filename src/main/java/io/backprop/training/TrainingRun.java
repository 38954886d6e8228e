package io.backprop.training;

import io.backprop.engine.EpochReport;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingResult;
import io.backprop.engine.TrainingState;
import io.backprop.model.Model;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A training under way: tells how it stands, and passes on the wish to stop. */
final class TrainingRun implements TrainingListener {
    /*
     * One thread trains, any number look. What changes together is guarded by this object's lock; what is looked at
     * between steps, the wish to stop and the deadline, is volatile. Each epoch takes the lock of the history alone. The
     * data is not held here, so that it is gone when the training is over.
     */

    private static final int HISTORY_POINTS = 1_000;

    private final String model;
    private final int number;
    private final int epochs;
    private final int examples;
    private final Duration timeLimit;
    private final Instant queuedAt = now();
    private final History history = new History();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long deadline;
    private volatile boolean cancelled;
    private volatile boolean keep;

    private Training.State state = Training.State.QUEUED;
    private @Nullable StopReason stopReason;
    private @Nullable Integer bestEpoch;
    private @Nullable Map<String, Double> metrics;
    private @Nullable Long version;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private @Nullable String error;

    TrainingRun(String model, int number, PreparedTraining prepared) {
        this.model = model;
        this.number = number;
        this.epochs = prepared.plan().epochs();
        this.examples = prepared.data().training().size();
        this.timeLimit = prepared.timeLimit();
    }

    String model() {
        return model;
    }

    int number() {
        return number;
    }

    synchronized void started() {
        state = Training.State.RUNNING;
        startedAt = now();
        deadline = System.nanoTime() + timeLimit.toNanos();
    }

    @Override
    public void epochEnded(EpochReport report) {
        history.add(report);
    }

    @Override
    public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
        if (cancelled) {
            return StopReason.CANCELLED;
        }
        return System.nanoTime() - deadline >= 0 ? StopReason.TIME_LIMIT : null;
    }

    /** Asks the training to stop soon; whoever asks first says whether to keep what was reached. */
    synchronized void cancel(boolean keepReached) {
        if (!cancelled) {
            keep = keepReached;
            cancelled = true;
        }
    }

    boolean keepsReached() {
        return keep;
    }

    /** The training's parameters were published. */
    synchronized void published(TrainingResult result, Model published) {
        bestEpoch = result.bestEpoch();
        metrics = published.metrics();
        version = published.version();
    }

    synchronized void end(Training.State finalState, StopReason reason, @Nullable String message) {
        state = finalState;
        stopReason = reason;
        error = message;
        finishedAt = now();
        ended.countDown();
    }

    /** Waits for the end, but no longer than this. */
    Training await(Duration longest) throws InterruptedException {
        ended.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        return snapshot();
    }

    synchronized Training snapshot() {
        Losses losses = history.thinned(HISTORY_POINTS);
        return new Training(
                model,
                number,
                state,
                stopReason,
                epochs,
                losses,
                bestEpoch,
                metrics,
                examples,
                examplesPerSecond(losses.epochs()),
                version,
                queuedAt,
                startedAt,
                finishedAt,
                error);
    }

    private @Nullable Double examplesPerSecond(int epochsCompleted) {
        if (startedAt == null) {
            return null;
        }
        Instant end = finishedAt == null ? now() : finishedAt;
        double seconds = Duration.between(startedAt, end).toNanos() / 1e9;
        return seconds == 0 ? null : (double) Math.round((double) examples * epochsCompleted / seconds);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
