package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.engine.EpochReport;
import io.backprop.engine.Evaluator;
import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.StopReason;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingResult;
import io.backprop.engine.TrainingState;
import io.backprop.engine.Vector;
import io.backprop.model.Metrics;
import io.backprop.tabular.FoldPreprocessor;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scaling;
import io.backprop.training.PartedTraining.StageEnd;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains one network on some of the rows of a training, and measures it on those that are held out: by the division of a
 * search, or because they were sent for validation only. Everything that depends on rows is fitted to the training rows.
 */
public final class HeldOutTraining {

    private final PreparedTraining prepared;
    private final PartRun run;
    private final TrainingData data;
    private final Scaling targets;

    private HeldOutTraining(PreparedTraining prepared, PartRun run) {
        this.prepared = prepared;
        this.run = run;
        if (prepared.data().heldOut() == null) {
            this.data = prepared.data();
            this.targets = prepared.architecture().preprocessing().targets();
        } else {
            FoldExamples fold = FoldExamples.heldOut(prepared);
            this.data = new TrainingData(fold.training(), fold.held());
            this.targets = fold.scaling().targets();
        }
    }

    /**
     * Trains from a checkpoint, or from fresh parameters, until the run stops it or it is complete. The parameters of the best
     * epoch are measured, if the plan keeps it.
     */
    public static StageEnd train(PreparedTraining prepared, @Nullable Checkpoint checkpoint, PartRun run) {
        return new HeldOutTraining(prepared, run).train(checkpoint);
    }

    private StageEnd train(@Nullable Checkpoint checkpoint) {
        NetworkSpec spec = prepared.start().spec();
        LastEpoch last = new LastEpoch(run);
        Trainer trainer = (checkpoint == null
                        ? Trainer.start(prepared.start().network(0), prepared.plan(), data)
                        : Trainer.resume(spec, checkpoint.state(), prepared.plan(), data))
                .withTargets(prepared.targetKind(), targets::invert)
                .withoutHistory(); // the run records it
        try {
            TrainingResult result = trainer.train(last);
            return run.isStopped()
                    ? new StageEnd(null, List.of(), trainer.state())
                    : new StageEnd(
                            measure(result, last.loss),
                            List.of(),
                            result.stopReason() == StopReason.EPOCHS ? null : trainer.state());
        } catch (TrainingDivergedException e) {
            return new StageEnd(diverged(e, last.loss), List.of(), null);
        }
    }

    private PartResult diverged(TrainingDivergedException e, @Nullable Double loss) {
        return new PartResult(
                e.epoch() - 1, null, StopReason.DIVERGED, loss, heldOut().size(), null, 1, Map.of(), e.getMessage());
    }

    private Examples heldOut() {
        Examples validation = data.validation();
        if (validation == null) {
            throw new IllegalStateException("no rows are held out");
        }
        return validation;
    }

    /** @throws TrainingDivergedException if a prediction is not finite */
    private PartResult measure(TrainingResult result, @Nullable Double loss) {
        Examples held = heldOut();
        NetworkSpec spec = result.network().spec();
        Evaluator evaluator = Ensemble.of(result.network()).evaluator();
        Matrix predictions = TrainingDivergedException.requireFinite(evaluator.add(held), result.bestEpoch());
        HeldOutputs logits =
                prepared.calibrates() ? HeldOutputs.of(Ensemble.of(result.network()), held, Threads.ONE) : null;
        double temperature = logits == null ? 1 : logits.temperature(spec);
        Metrics metrics = logits == null
                ? Metrics.of(prepared.architecture(), targets.invert(predictions), targets.invert(held.targets()))
                : logits.metrics(prepared.architecture(), spec, temperature);
        return new PartResult(
                result.epochsCompleted(),
                result.bestEpoch(),
                result.stopReason(),
                loss,
                held.size(),
                evaluator.loss(),
                temperature,
                metrics.numbers(),
                null);
    }

    /** Remembers the loss of the last epoch. */
    private static final class LastEpoch implements TrainingListener {

        private final TrainingListener run;
        private @Nullable Double loss;

        LastEpoch(TrainingListener run) {
            this.run = run;
        }

        @Override
        public void epochEnded(EpochReport report, Supplier<Network> network) {
            loss = report.loss();
            run.epochEnded(report, network);
        }

        @Override
        public @Nullable StopReason stopRequested(Supplier<TrainingState> state) {
            return run.stopRequested(state);
        }
    }

    /** All rows that a search divides, for a training of the model itself, scaled as the model scales them. */
    public static TrainingData allRows(PreparedTraining prepared) {
        Examples all = prepared.data().training();
        Preprocessing shared = prepared.architecture().preprocessing();
        Examples scaled = all.with(
                FoldPreprocessor.of(shared, all.inputs().columns()).apply(all.inputs()),
                shared.targets().apply(all.targets()));
        Vector weights = ExampleWeights.of(
                prepared.architecture(),
                all.targets(),
                IntStream.range(0, all.size()).toArray(),
                all.weights(),
                prepared.settings().classWeights());
        return TrainingData.of(weights == null ? scaled : scaled.withWeights(weights));
    }
}
