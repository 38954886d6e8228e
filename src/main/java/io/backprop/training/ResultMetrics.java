package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Threads;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.model.Architecture;
import io.backprop.model.Metrics;
import io.backprop.model.MetricsAccumulator;
import io.backprop.tabular.FoldPreprocessor;
import io.backprop.tabular.Scaling;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the result of a training on the examples of the training, without their weights and in the unit of the targets.
 * This takes about a third of the time of an epoch, which the time limit does not bound. The predictions are made in parts,
 * so that they need little memory and a cancellation does not wait for all of them.
 */
final class ResultMetrics {

    private static final int CELLS_PER_PART = 1 << 18;

    private final Architecture architecture;
    private final Ensemble ensemble;
    private final int epochs;
    private final TrainingRun run;
    private final Threads threads;
    private boolean incomplete;

    /** @param epochs number of epochs that were completed, for messages */
    ResultMetrics(Architecture architecture, Ensemble ensemble, int epochs, TrainingRun run, Threads threads) {
        this.architecture = architecture;
        this.ensemble = ensemble;
        this.epochs = epochs;
        this.run = run;
        this.threads = threads;
    }

    /**
     * The metrics of examples that are scaled as the model scales them; null without examples, or if the run is stopped
     * meanwhile.
     *
     * @throws TrainingDivergedException if a prediction is not finite
     */
    @Nullable
    Metrics of(@Nullable Examples examples) {
        Scaling scaling = architecture.preprocessing().targets();
        return examples == null ? null : measure(examples, UnaryOperator.identity(), scaling::invert);
    }

    /** The metrics of examples that are not scaled, as {@link #of}. */
    @Nullable
    Metrics ofUnscaled(Examples examples) {
        FoldPreprocessor inputs = FoldPreprocessor.of(
                architecture.preprocessing(), examples.inputs().columns());
        return measure(examples, inputs::apply, UnaryOperator.identity());
    }

    private @Nullable Metrics measure(
            Examples examples, UnaryOperator<Matrix> inputs, UnaryOperator<Matrix> unscaledTargets) {
        Scaling scaling = architecture.preprocessing().targets();
        MetricsAccumulator metrics =
                new MetricsAccumulator(architecture, examples.targets().columns());
        boolean complete = inParts(examples, part -> {
            Matrix predictions = ensemble.predict(inputs.apply(examples.inputs().select(part)), threads);
            metrics.add(
                    scaling.invert(TrainingDivergedException.requireFinite(predictions, epochs)),
                    unscaledTargets.apply(examples.targets().select(part)));
        });
        return complete ? metrics.metrics() : null;
    }

    /** Runs a task for a part of the rows at a time; returns whether the run is not stopped meanwhile. */
    private boolean inParts(Examples examples, Consumer<int[]> task) {
        int rows = Math.max(
                1,
                CELLS_PER_PART
                        / Math.max(
                                examples.inputs().columns(), examples.targets().columns()));
        for (int first = 0; first < examples.size() && !incomplete; first += rows) {
            task.accept(IntStream.range(first, Math.min(examples.size(), first + rows))
                    .toArray());
            incomplete = run.stop() != null && run.stop() != TrainingRun.Stop.KEEP;
        }
        return !incomplete;
    }

    /** Whether the run was stopped, so that its result is not published. */
    boolean isIncomplete() {
        return incomplete;
    }
}
