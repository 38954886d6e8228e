package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.StopReason;
import io.backprop.engine.TargetKind;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.TrainingResult;
import io.backprop.engine.TrainingState;
import io.backprop.model.EnsembleSpec;
import io.backprop.tabular.Scaling;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains the networks of a model, one after the other, and averages them. The end of the time limit or a request to keep
 * what was reached leaves those that are completed or, before the first one is, what it has reached.
 */
final class EnsembleTrainer {

    private final PreparedTraining prepared;
    private final TrainingRun run;
    private final Threads threads;
    private final EnsembleSpec ensemble;
    private final NetworkSpec spec;
    private List<TrainedNetwork> completed; // before the current one; replaced but never modified
    private @Nullable TrainingState state; // to resume the current one from
    private @Nullable Trainer trainer; // of the current one

    EnsembleTrainer(LeasedTraining leased, TrainingRun run, Threads threads) {
        this.prepared = leased.prepared();
        this.run = run;
        this.threads = threads;
        this.ensemble = prepared.model().spec().ensemble();
        this.spec = prepared.architecture().networkSpec().orElseThrow();
        Checkpoint checkpoint = leased.checkpoint();
        this.completed = checkpoint == null ? List.of() : checkpoint.completed();
        this.state = checkpoint == null ? null : checkpoint.state();
    }

    /**
     * The networks that were trained.
     *
     * @param networks one after the other
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
        while (true) {
            int number = completed.size();
            FoldExamples fold = prepared.isByFold() ? new FoldExamples(prepared, number, prepared.fresh()) : null;
            TrainingDivergedException diverged = null;
            TrainingResult result;
            try {
                result = train(number, fold);
            } catch (TrainingDivergedException e) {
                result = e.best().orElseThrow(() -> e);
                diverged = e;
            }
            boolean stopped = isStop(result.stopReason()) && !run.isPaused();
            List<TrainedNetwork> networks = stopped && number > 0 ? completed : plus(trained(result, fold));
            if (stopped || diverged != null || networks.size() == ensemble.size()) {
                return new Result(
                        networks,
                        spec,
                        stopReason(result.stopReason(), networks),
                        ensemble.size() == 1 ? result.bestEpoch() : null,
                        diverged);
            }
            completed = networks;
            state = null;
        }
    }

    private TrainingResult train(int number, @Nullable FoldExamples fold) {
        FoldScaling scaling = fold == null ? null : fold.scaling();
        run.beginNetwork(completed, averaging(spec, completed, scaling));
        TrainingData data = fold == null ? prepared.data() : new TrainingData(fold.training(), fold.held());
        TrainingPlan plan =
                prepared.plan().withSeed(EnsembleSpec.seed(prepared.plan().seed(), number));
        trainer = state == null
                ? Trainer.start(prepared.start().network(number), plan, data)
                : Trainer.resume(spec, state, plan, data);
        TargetKind kind = prepared.targetKind();
        Scaling targets = fold == null
                ? prepared.architecture().preprocessing().targets()
                : fold.scaling().targets();
        return trainer.withTargets(kind, targets::invert)
                .measuring(kind.keyMetric())
                .withoutHistory() // the run records it
                .using(threads)
                .train(run);
    }

    private static boolean isStop(StopReason reason) {
        return reason == StopReason.CANCELLED || reason == StopReason.TIME_LIMIT;
    }

    private List<TrainedNetwork> plus(TrainedNetwork network) {
        return Stream.concat(completed.stream(), Stream.of(network)).toList();
    }

    private TrainedNetwork trained(TrainingResult result, @Nullable FoldExamples fold) {
        Network network = result.network();
        if (fold == null) {
            return new TrainedNetwork(network.parameterVector(), result.epochsCompleted(), null);
        }
        Matrix held = TrainingDivergedException.requireFinite(fold.outputs(network, threads), result.bestEpoch());
        return new TrainedNetwork(fold.scaling().published(network).parameterVector(), result.epochsCompleted(), held);
    }

    private StopReason stopReason(StopReason last, List<TrainedNetwork> networks) {
        boolean early = networks.stream()
                .anyMatch(network -> network.epochs() < prepared.plan().epochs());
        return last == StopReason.EPOCHS && early ? StopReason.EARLY_STOPPING : last;
    }

    /** Averages the completed networks and the current one; does not hold the data. */
    private static Function<Network, Ensemble> averaging(
            NetworkSpec spec, List<TrainedNetwork> completed, @Nullable FoldScaling scaling) {
        return current -> Ensemble.of(Stream.concat(
                        completed.stream().map(network -> Network.of(spec, network.parameters())),
                        Stream.of(scaling == null ? current : scaling.published(current)))
                .toList());
    }

    /** Writes a checkpoint after {@link #train} was stopped, or its result was not published. */
    void writeCheckpoint() {
        run.writeCheckpoint(completed, Objects.requireNonNull(trainer).state());
    }
}
