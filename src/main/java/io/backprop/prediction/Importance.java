package io.backprop.prediction;

import io.backprop.engine.Metric;
import io.backprop.model.Model;
import java.util.List;

/**
 * How much the predictions of a version of a model depend on each feature.
 *
 * @param score the metric without any permutation
 * @param features most important first
 * @param warnings about categories that the model has not learned, and about rows without a target
 */
public record Importance(
        Model model,
        int examples,
        Metric metric,
        double score,
        int repeats,
        List<FeatureImportance> features,
        List<String> warnings) {

    /**
     * The decrease of the metric when the values of a feature are permuted.
     *
     * @param name of the column; for rows of numbers the index of the input
     * @param mean over the repeats; NaN if the metric is undefined for the predictions
     * @param deviation over the repeats, {@code √(Σ(loss − mean)² / repeats)}
     */
    public record FeatureImportance(String name, double mean, double deviation) {}
}
