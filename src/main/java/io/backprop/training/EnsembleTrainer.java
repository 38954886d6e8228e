package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.engine.EpochReport;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.StopReason;
import io.backprop.engine.TargetKind;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.TrainingResult;
import io.backprop.engine.TrainingState;
import io.backprop.model.EnsembleSpec;
import io.backprop.tabular.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains the networks of a model and averages them, several at a time if there are threads for them. The outcome is that of
 * training one after the other: the end of the time limit or a request to keep what was reached leaves those before the
 * first one that is not completed or, if that is the first of all, what it has reached.
 */
final class EnsembleTrainer {
    /*
     * Small networks share little work between threads, so that two networks on a thread each take less time than one after
     * the other on both. Benchmark: TabularTraining.
     *
     * One of the networks is in front: the first that is not completed. It alone reports to the run, which sees one network
     * after the other. What later ones have to report waits until they are in front. A checkpoint holds the state of the one
     * in front; a training that resumes from it begins with those after it again, which gives the same bits.
     */

    private final PreparedTraining prepared;
    private final TrainingRun run;
    private final Threads threads;
    private final int width;
    private final int lastEpoch; // of each network
    private final EnsembleSpec ensemble;
    private final NetworkSpec spec;
    private final SideBySide work;
    private final int first; // network to train
    private @Nullable TrainingState state; // to resume it from; null to start

    // guarded by this
    private final List<NetworkTraining> begun = new ArrayList<>(); // in order, from the first one
    private List<TrainedNetwork> completed; // before the one in front; replaced but never modified
    private int end; // networks from this one on are not wanted any more
    private @Nullable Throwable failure;

    /** @param untilEpoch epoch at which each network ends, whatever is planned; null for the last one */
    EnsembleTrainer(LeasedTraining leased, TrainingRun run, Threads threads, @Nullable Integer untilEpoch) {
        this.prepared = leased.prepared();
        this.run = run;
        this.threads = threads;
        this.width = Math.min(threads.count(), prepared.networksAtATime());
        this.lastEpoch = untilEpoch == null ? prepared.plan().epochs() : untilEpoch;
        this.ensemble = prepared.model().spec().ensemble();
        this.spec = prepared.architecture().networkSpec().orElseThrow();
        this.work = new SideBySide(width, this::begin);
        Checkpoint checkpoint = leased.checkpoint();
        this.completed = checkpoint == null ? List.of() : checkpoint.completed();
        this.state = checkpoint == null ? null : checkpoint.state();
        this.first = completed.size();
        this.end = ensemble.size();
    }

    /**
     * The networks that were trained.
     *
     * @param networks in order
     * @param bestEpoch epoch of the parameters of a single network; null for several
     * @param diverged why the last one has the parameters of an earlier epoch; null unless it has diverged
     */
    record Result(
            List<TrainedNetwork> networks,
            NetworkSpec spec,
            StopReason stopReason,
            @Nullable Integer bestEpoch,
            @Nullable TrainingDivergedException diverged) {

        Ensemble ensemble() {
            return Ensemble.of(networks.stream()
                    .map(network -> Network.of(spec, network.parameters()))
                    .toList());
        }

        /** A warning of networks whose training was not completed; empty if there are none. */
        Optional<String> incompleteWarning(int planned) {
            return networks.size() == planned
                    ? Optional.empty()
                    : Optional.of("the training ended after %d of %d networks, whose predictions are averaged"
                            .formatted(networks.size(), planned));
        }

        int epochs() {
            return networks.stream().mapToInt(TrainedNetwork::epochs).sum();
        }
    }

    /**
     * Trains all networks, unless the run is stopped.
     *
     * @throws TrainingDivergedException if one has diverged and has no earlier parameters
     */
    Result train() {
        work.run(width == 1 ? Threads.ONE : threads);
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        return front().result();
    }

    /** Writes a checkpoint after {@link #train} was stopped, or its result was not published. */
    void writeCheckpoint() {
        run.writeCheckpoint(completed, Objects.requireNonNull(front().trainer).state());
    }

    /** The first network that is not completed, or else the last one. */
    private NetworkTraining front() {
        return begun.get(completed.size() - first);
    }

    private synchronized @Nullable Runnable begin() {
        int number = first + begun.size();
        if (number >= end) {
            return null;
        }
        NetworkTraining next = new NetworkTraining(number);
        begun.add(next);
        return next;
    }

    private synchronized void fail(Throwable e) {
        failure = e;
        end = 0;
    }

    private synchronized void ended(NetworkTraining network) {
        network.ended = true;
        if (!network.isComplete()) {
            end = Math.min(end, network.number);
        } else if (network.number < ensemble.size() - 1) {
            network.trainer = null; // which holds its data
        }
        while (completed.size() - first < begun.size() && front().ended) {
            NetworkTraining front = front();
            front.report();
            if (!front.isComplete() || front.number == ensemble.size() - 1) {
                return;
            }
            completed = plus(Objects.requireNonNull(front.trained));
        }
    }

    private List<TrainedNetwork> plus(TrainedNetwork network) {
        return Stream.concat(completed.stream(), Stream.of(network)).toList();
    }

    /** Averages the completed networks and the current one; does not hold the data. */
    private static Function<Network, Ensemble> averaging(
            NetworkSpec spec, List<TrainedNetwork> completed, @Nullable FoldScaling scaling) {
        return current -> Ensemble.of(Stream.concat(
                        completed.stream().map(network -> Network.of(spec, network.parameters())),
                        Stream.of(scaling == null ? current : scaling.published(current)))
                .toList());
    }

    /** The training of one network, which only its own thread and, under the lock, the one that has ended before it use. */
    private final class NetworkTraining implements Runnable, TrainingListener {

        private final int number;
        private @Nullable HistoryRecorder waiting; // until the network is in front
        private @Nullable FoldScaling scaling;
        private @Nullable Trainer trainer;
        private @Nullable TrainingResult trainingResult;
        private @Nullable TrainedNetwork trained; // null if it was stopped, unless it is the first one
        private @Nullable TrainingDivergedException diverged;
        private boolean inFront;
        private boolean atLastEpoch;
        private boolean ended;

        NetworkTraining(int number) {
            this.number = number;
        }

        @Override
        public void run() {
            try {
                train();
            } catch (TrainingDivergedException e) { // and has no result
                diverged = e;
            } catch (RuntimeException | Error e) { // for the thread that waits for all networks
                fail(e);
                return;
            }
            ended(this);
        }

        private void train() {
            FoldExamples fold = prepared.isByFold() ? new FoldExamples(prepared, number, prepared.fresh()) : null;
            scaling = fold == null ? null : fold.scaling();
            isInFront();
            TrainingData data = fold == null ? prepared.data() : new TrainingData(fold.training(), fold.held());
            TrainingPlan plan =
                    prepared.plan().withSeed(EnsembleSpec.seed(prepared.plan().seed(), number));
            Threads own = threads();
            TargetKind kind = prepared.targetKind();
            Scaling targets = fold == null
                    ? prepared.architecture().preprocessing().targets()
                    : fold.scaling().targets();
            trainer = trainer(plan, data)
                    .withTargets(kind, targets::invert)
                    .measuring(kind.keyMetric())
                    .withoutHistory() // the run records it
                    .using(own);
            TrainingResult result;
            try {
                result = trainer.train(this);
            } catch (TrainingDivergedException e) {
                result = e.best().orElseThrow(() -> e);
                diverged = e;
            }
            trained = isStopped(result) && number > 0 ? null : trained(result, fold, own);
            trainingResult = result;
        }

        private Trainer trainer(TrainingPlan plan, TrainingData data) {
            TrainingState resumed = number == first ? state : null;
            if (resumed == null) {
                return Trainer.start(prepared.start().network(number), plan, data);
            }
            state = null;
            return Trainer.resume(spec, resumed, plan, data);
        }

        /** Its share of the threads; the last network gets all, those of others as soon as they have ended. */
        private Threads threads() {
            int left = Math.min(width, ensemble.size() - number);
            return width == 1 ? threads : new Threads(work, threads.count() / left);
        }

        private TrainedNetwork trained(TrainingResult result, @Nullable FoldExamples fold, Threads own) {
            Network network = result.network();
            if (fold == null) {
                return new TrainedNetwork(network.parameterVector(), result.epochsCompleted(), null);
            }
            Matrix held = TrainingDivergedException.requireFinite(fold.outputs(network, own), result.bestEpoch());
            return new TrainedNetwork(
                    fold.scaling().published(network).parameterVector(), result.epochsCompleted(), held);
        }

        private boolean isStopped(TrainingResult result) {
            StopReason reason = result.stopReason();
            return (reason == StopReason.CANCELLED && !atLastEpoch) || reason == StopReason.TIME_LIMIT;
        }

        private boolean isComplete() {
            return diverged == null && trainingResult != null && !isStopped(trainingResult);
        }

        /** The result of the training, of which this network is the last. */
        private Result result() {
            TrainingResult result = trainingResult;
            if (result == null) {
                throw Objects.requireNonNull(diverged);
            }
            List<TrainedNetwork> networks = trained == null ? completed : plus(trained);
            return new Result(
                    networks,
                    spec,
                    stopReason(result, networks),
                    ensemble.size() == 1 ? result.bestEpoch() : null,
                    diverged);
        }

        private StopReason stopReason(TrainingResult result, List<TrainedNetwork> networks) {
            StopReason reason = result.stopReason();
            boolean isAtEnd = reason == StopReason.EPOCHS || (reason == StopReason.CANCELLED && atLastEpoch);
            if (!isAtEnd) {
                return reason;
            }
            boolean early = networks.stream().anyMatch(network -> network.epochs() < lastEpoch);
            return early ? StopReason.EARLY_STOPPING : StopReason.EPOCHS;
        }

        /** Whether this network is in front. If that is new, reports what has waited for it. */
        private boolean isInFront() {
            synchronized (EnsembleTrainer.this) {
                if (!inFront && number == completed.size()) {
                    report();
                }
                return inFront;
            }
        }

        private void report() {
            if (!inFront) {
                inFront = true;
                run.beginNetwork(completed, averaging(spec, completed, scaling));
                if (waiting != null) {
                    run.record(waiting.history());
                    waiting = null;
                }
            }
        }

        @Override
        public void epochEnded(EpochReport report, Supplier<Network> network) {
            atLastEpoch = report.epoch() >= lastEpoch;
            if (isInFront()) {
                run.epochEnded(report, network);
            } else {
                waiting = waiting == null ? new HistoryRecorder(History.EMPTY) : waiting;
                waiting.add(report);
            }
        }

        @Override
        public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
            if (atLastEpoch || isUnwanted()) {
                return StopReason.CANCELLED;
            }
            return isInFront() ? run.stopRequested(checkpoint) : run.stopReason();
        }

        private boolean isUnwanted() {
            synchronized (EnsembleTrainer.this) {
                return number >= end;
            }
        }
    }
}
