package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Threads;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.engine.TrainingResult;
import io.backprop.model.Architecture;
import io.backprop.model.Metrics;
import io.backprop.model.MetricsAccumulator;
import io.backprop.tabular.Scaling;
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
    private final TrainingResult result;
    private final TrainingRun run;
    private final Threads threads;
    private boolean incomplete;

    ResultMetrics(Architecture architecture, TrainingResult result, TrainingRun run, Threads threads) {
        this.architecture = architecture;
        this.result = result;
        this.run = run;
        this.threads = threads;
    }

    /**
     * The metrics; null without examples, or if the run is stopped meanwhile.
     *
     * @throws TrainingDivergedException if a prediction is not finite
     */
    @Nullable
    Metrics of(@Nullable Examples examples) {
        if (examples == null || incomplete) {
            return null;
        }
        Scaling scaling = architecture.preprocessing().targets();
        int outputs = examples.targets().columns();
        MetricsAccumulator metrics = new MetricsAccumulator(architecture, outputs);
        int rows = Math.max(1, CELLS_PER_PART / Math.max(examples.inputs().columns(), outputs));
        for (int first = 0; first < examples.size(); first += rows) {
            int[] part = IntStream.range(first, Math.min(examples.size(), first + rows))
                    .toArray();
            Matrix predictions = result.predict(examples.inputs().select(part), threads);
            Matrix targets = examples.targets().select(part);
            metrics.add(scaling.invert(predictions), scaling.invert(targets));
            if (run.stop() != null && run.stop() != TrainingRun.Stop.KEEP) {
                incomplete = true;
                return null;
            }
        }
        return metrics.metrics();
    }

    /** Whether the run was stopped, so that its result is not published. */
    boolean isIncomplete() {
        return incomplete;
    }
}
