package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.engine.EpochReport;
import io.backprop.engine.Network;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingState;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training, or a part of one, that runs in this process: reports progress, relays requests to stop, and writes checkpoints. */
final class TrainingRun implements PartRun {
    /*
     * One thread at a time trains, any number of threads read. What is read between steps is volatile; only the end of an
     * epoch takes locks, that of the history and, if there are live requests, that of the copy. Checkpoints are written by
     * another thread. The run does not hold the data, so that it can be collected when the training is over.
     */

    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);

    /** The pause after a checkpoint is at least this many times as long as writing it took. */
    private static final int PAUSE_FACTOR = 10;

    /** Time to the first checkpoint of a training that has reached none in an earlier attempt. */
    private static final Duration EARLY = Duration.ofSeconds(1);

    private static final Duration NEVER = Duration.ofDays(10_000);

    private final Training training; // when it was leased
    private final String name;
    private final TrainingLease lease;
    private final Duration workedBefore;
    private final HistoryRecorder history;
    private final LiveCopy copy;
    private Function<Network, Ensemble> averaging = Ensemble::of;
    private final LeaseStore store;
    private final Duration checkpointInterval;
    private final Executor checkpointThread;
    private final long startNanos = System.nanoTime();
    private long deadline;
    private volatile long nextCheckpoint;
    private volatile long lastCheckpoint = startNanos;
    private volatile List<TrainedNetwork> completed;
    private final int lastEpoch; // of a part
    private boolean paused; // after it
    private volatile boolean outOfTime;
    private volatile @Nullable Stop stop;
    private volatile @Nullable Duration worked; // null while it trains
    private volatile boolean checkpointFailed; // logged once

    /** Why a run stops before its training is complete. A later constant overrules an earlier one. */
    enum Stop {
        /** Cancelled; the model stays as it is. */
        DISCARD,
        /** Cancelled; what was reached is published. */
        KEEP,
        /** The process shuts down; the training resumes later. */
        SUSPEND,
        /** The result can't be stored any more. */
        LEASE_LOST
    }

    TrainingRun(LeasedTraining leased, LeaseStore store, Duration checkpointInterval, Executor checkpointThread) {
        this.training = leased.training();
        this.name = leased.name();
        this.lease = leased.lease();
        this.workedBefore = leased.training().progress().worked();
        this.history = new HistoryRecorder(
                leased.checkpoint() == null
                        ? History.EMPTY
                        : leased.checkpoint().history());
        this.completed =
                leased.checkpoint() == null ? List.of() : leased.checkpoint().completed();
        this.copy = new LiveCopy(leased.prepared().start());
        this.store = store;
        this.checkpointInterval = checkpointInterval;
        this.checkpointThread = checkpointThread;
        this.deadline = startNanos + leased.timeLeft().toNanos();
        this.lastEpoch =
                leased.part() == null ? Integer.MAX_VALUE : leased.part().untilEpoch();
        this.nextCheckpoint = startNanos + firstCheckpoint(leased).toNanos();
    }

    private Duration firstCheckpoint(LeasedTraining leased) {
        return leased.attempts() > 1 && checkpointInterval.compareTo(EARLY) > 0 ? EARLY : checkpointInterval;
    }

    /**
     * Begins the training of the next network, for the training's thread.
     *
     * @param before the networks that are trained
     * @param averaging averages them with the one in training, for live predictions
     */
    void beginNetwork(List<TrainedNetwork> before, Function<Network, Ensemble> averaging) {
        beginNetwork(before);
        this.averaging = averaging;
    }

    @Override
    public void beginNetwork(List<TrainedNetwork> before) {
        this.completed = before;
        this.paused = false;
    }

    /** Lets the training take as long as it needs, for the training's thread. */
    void ignoreTimeLimit() {
        deadline = startNanos + NEVER.toNanos();
    }

    /** Records epochs of the network in training that ended before it was reported. */
    void record(History epochs) {
        history.add(epochs);
    }

    @Override
    public boolean isStopped() {
        return !paused && (stop != null || outOfTime);
    }

    @Override
    public void epochEnded(EpochReport report, Supplier<Network> network) {
        history.add(report);
        paused = report.epoch() >= lastEpoch && report.epoch() < report.epochs();
        copy.epochEnded(history.epochs(), () -> averaging.apply(network.get()));
    }

    @Override
    public @Nullable StopReason stopRequested(Supplier<TrainingState> state) {
        StopReason reason = paused ? StopReason.CANCELLED : stopReason();
        if (reason == null && System.nanoTime() - nextCheckpoint >= 0) {
            noCheckpointFor(NEVER); // until this one is written
            writeCheckpointLater(state);
        }
        return reason;
    }

    /** Why the training has to stop now; null to continue. */
    @Nullable
    StopReason stopReason() {
        if (stop != null) {
            return StopReason.CANCELLED;
        }
        if (System.nanoTime() - deadline >= 0) {
            outOfTime = true;
            return StopReason.TIME_LIMIT;
        }
        return null;
    }

    synchronized void stop(Stop reason) {
        if (stop == null || stop.compareTo(reason) < 0) {
            stop = reason;
            notifyAll();
        }
    }

    /** Waits until one of these stops is requested, or the timeout; returns whether one is. */
    synchronized boolean awaitStop(Set<Stop> stops, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        long millis = timeout.toMillis();
        while ((stop == null || !stops.contains(stop)) && millis > 0) {
            try {
                wait(millis);
            } catch (InterruptedException e) { // the process shuts down
                Thread.currentThread().interrupt();
                stop(Stop.SUSPEND);
            }
            millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
        return stop != null && stops.contains(stop);
    }

    @Nullable
    Stop stop() {
        return stop;
    }

    private void noCheckpointFor(Duration pause) {
        nextCheckpoint = System.nanoTime() + pause.toNanos();
    }

    private void writeCheckpointLater(Supplier<TrainingState> current) {
        try {
            TrainingState state = current.get(); // a copy
            List<TrainedNetwork> before = completed;
            checkpointThread.execute(() -> {
                long start = System.nanoTime();
                try {
                    writeCheckpoint(before, state);
                } finally {
                    Duration pause = Duration.ofNanos(PAUSE_FACTOR * (System.nanoTime() - start));
                    noCheckpointFor(pause.compareTo(checkpointInterval) > 0 ? pause : checkpointInterval);
                }
            });
        } catch (OutOfMemoryError | RejectedExecutionException e) { // no memory for a copy, or the process shuts down
            noCheckpointFor(checkpointInterval);
        }
    }

    /** Writes a checkpoint. If that fails, the training is not affected. */
    void writeCheckpoint(List<TrainedNetwork> before, TrainingState state) {
        try {
            History soFar = history().first(Checkpoint.epochs(before, state));
            long reached = System.nanoTime();
            if (!store.checkpoint(lease, new Checkpoint(before, state, soFar))) {
                stop(Stop.LEASE_LOST);
            }
            lastCheckpoint = reached;
            checkpointFailed = false;
        } catch (StorageFullException | StorageUnavailableException e) {
            if (!checkpointFailed) {
                log.warn("{} continues without a checkpoint: {}", name, e.getMessage());
                checkpointFailed = true;
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("{} continues without a checkpoint", name, e);
        }
    }

    /** The time since the last checkpoint. */
    Duration checkpointAge() {
        return Duration.ofNanos(System.nanoTime() - lastCheckpoint);
    }

    /** Its name in the log. */
    String name() {
        return name;
    }

    LeaseStore store() {
        return store;
    }

    Training training() {
        return training;
    }

    TrainingLease lease() {
        return lease;
    }

    History history() {
        return history.history();
    }

    LiveCopy copy() {
        return copy;
    }

    /** Ends the time worked, since a result that waits to be stored must not use up the time limit. */
    Duration stopClock() {
        Duration stopped = worked();
        worked = stopped;
        return stopped;
    }

    Duration worked() {
        Duration stopped = worked;
        return stopped == null ? workedBefore.plusNanos(System.nanoTime() - startNanos) : stopped;
    }

    /** The training with its progress. */
    Training current() {
        return training.withProgress(progress());
    }

    Training.Progress progress() {
        return Training.Progress.of(history(), worked());
    }
}
