package io.backprop.training;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The losses and scores of a training's epochs: all of them, or evenly thinned to fewer points. The last epoch is always
 * included.
 *
 * @param loss training loss of each point
 * @param validationLoss null without validation
 * @param validationMetrics metrics of the predictions for the validation examples by name, null where a
 *     metric is undefined; null if none was measured
 */
public record History(
        List<@Nullable Double> loss,
        @Nullable List<@Nullable Double> validationLoss,
        @Nullable Map<String, List<@Nullable Double>> validationMetrics) {

    /** The history of a training that has completed no epoch. */
    public static final History EMPTY = new History(List.of(), null, null);

    /** The loss of the last epoch. */
    public @Nullable Double lastLoss() {
        return last(loss);
    }

    /** The validation loss of the last epoch. */
    public @Nullable Double lastValidationLoss() {
        return validationLoss == null ? null : last(validationLoss);
    }

    /** The validation metrics of the last epoch; null if none was measured. */
    public @Nullable Map<String, @Nullable Double> lastValidationMetrics() {
        if (validationMetrics == null) {
            return null;
        }
        Map<String, @Nullable Double> last = new TreeMap<>();
        for (Map.Entry<String, List<@Nullable Double>> metric : validationMetrics.entrySet()) {
            last.put(metric.getKey(), last(metric.getValue()));
        }
        return last;
    }

    private static @Nullable Double last(List<@Nullable Double> values) {
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }

    /** Thins a complete history evenly to at most this number of points. */
    History thinned(int maxPoints) {
        int count = Math.min(loss.size(), maxPoints);
        return map(values -> IntStream.rangeClosed(1, count)
                .mapToObj(i -> values.get((int) ((long) i * values.size() / count) - 1))
                .toList());
    }

    /** The first epochs of a complete history. */
    History first(int epochs) {
        return map(values -> values.subList(0, epochs));
    }

    private History map(UnaryOperator<List<@Nullable Double>> change) {
        Map<String, List<@Nullable Double>> metrics =
                validationMetrics == null ? null : new TreeMap<>(validationMetrics);
        if (metrics != null) {
            for (Map.Entry<String, List<@Nullable Double>> metric : metrics.entrySet()) {
                metric.setValue(change.apply(metric.getValue()));
            }
        }
        return new History(change.apply(loss), validationLoss == null ? null : change.apply(validationLoss), metrics);
    }
}
