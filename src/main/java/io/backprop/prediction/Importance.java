package io.backprop.prediction;

import io.backprop.engine.MeanAndDeviation;
import io.backprop.engine.Metric;
import io.backprop.model.Model;
import java.util.List;

/**
 * How much a version's predictions depend on each feature.
 *
 * @param score the metric of its predictions for the rows as they are
 * @param features the one that matters most first
 * @param warnings of words that the model has never seen
 */
public record Importance(
        Model model,
        int examples,
        Metric metric,
        double score,
        int repeats,
        List<Feature> features,
        List<String> warnings) {

    /**
     * What the metric loses while a feature's values are in random order.
     *
     * @param name of the column; for rows of numbers its index
     * @param mean over the repeats; NaN where predictions went beyond what can be measured
     * @param deviation over the repeats, {@code √(Σ(loss − mean)² / repeats)}
     */
    public record Feature(String name, double mean, double deviation) {

        static Feature of(String name, double[] losses) {
            MeanAndDeviation loss = MeanAndDeviation.of(losses.length, repeat -> losses[repeat]);
            return new Feature(name, loss.mean(), loss.deviation());
        }
    }
}
