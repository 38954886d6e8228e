package io.backprop.search;

import io.backprop.engine.Metric;
import io.backprop.training.PartResult;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a trial at the end of a rung.
 *
 * @param trial number, from 0
 * @param rung from 0
 * @param epochs number of completed epochs
 * @param bestEpoch epoch of the parameters that are measured; null if the trial has diverged
 * @param loss training loss of the last epoch; null if none was completed
 * @param validationLoss of the held-out rows
 * @param metrics of the held-out rows; empty if the trial has diverged
 */
public record TrialResult(
        int trial,
        int rung,
        int epochs,
        @Nullable Integer bestEpoch,
        @Nullable Double loss,
        @Nullable Double validationLoss,
        Map<String, @Nullable Double> metrics) {

    static TrialResult of(int trial, int rung, PartResult result) {
        return new TrialResult(
                trial,
                rung,
                result.epochs(),
                result.hasDiverged() ? null : result.bestEpoch(),
                result.loss(),
                result.validationLoss(),
                result.metrics());
    }

    public boolean hasDiverged() {
        return bestEpoch == null;
    }

    /** The value that trials are compared by; null if it is undefined or the trial has diverged. */
    public @Nullable Double score(Metric metric) {
        if (hasDiverged()) {
            return null;
        }
        Double value = metric == Metric.VALIDATION_LOSS ? validationLoss : metrics.get(metric.id());
        return value == null || value.isNaN() ? null : value;
    }

    /**
     * Orders results of one rung from the best to the worst. Those without a score come last, and of equal ones the lower
     * number comes first.
     */
    static Comparator<TrialResult> best(Metric metric) {
        Comparator<Double> byValue = metric.higherIsBetter() ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return Comparator.comparing((TrialResult result) -> result.score(metric), Comparator.nullsLast(byValue))
                .thenComparing(TrialResult::trial);
    }
}
