package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.SplitMix64;
import io.backprop.model.Metrics;
import java.util.stream.IntStream;

/**
 * Measures predictions for rows in which a feature's values have changed places: they are still what they were, but tell
 * nothing about their row any more. Breiman, "Random forests", 2001.
 */
final class FeaturePermuter {
    /*
     * Each order is drawn from a stream of its own, named by feature and repeat, so that none depends on what else was
     * drawn. The rows go through the network in parts, so that they are never in memory twice.
     */

    private static final long BRANCH = 0x7065726d757465L; // of the seed
    private static final int NUMBERS_AT_ONCE = 1 << 18;

    private final Predictor predictor;
    private final Metric metric;
    private final Metric.Accumulator accumulator;
    private final Matrix inputs; // rows × inputs, as the network takes them
    private final Matrix targets; // rows × outputs, in their own unit
    private final int repeats;
    private final long seed;

    FeaturePermuter(Predictor predictor, Matrix inputs, Matrix targets, PermutationOptions permutations) {
        this.predictor = predictor;
        this.metric = Metrics.keyMetric(predictor.architecture(), targets);
        this.accumulator = metric.accumulator(targets);
        this.inputs = inputs;
        this.targets = targets;
        this.repeats = permutations.repeats();
        this.seed = SplitMix64.derive(permutations.seedFor(predictor.model()), BRANCH);
    }

    Metric metric() {
        return metric;
    }

    int repeats() {
        return repeats;
    }

    Matrix targets() {
        return targets;
    }

    /** The metric of the predictions for the rows as they are; NaN where it is undefined. */
    double score() {
        return score(FeatureRange.NONE, rows());
    }

    /** What the score loses in each random order of a feature's values. */
    double[] losses(double score, FeatureRange feature) {
        long ofFeature = SplitMix64.derive(seed, feature.first());
        return IntStream.range(0, repeats)
                .mapToDouble(repeat -> {
                    int[] order = rows();
                    new SplitMix64(SplitMix64.derive(ofFeature, repeat)).shuffle(order);
                    return score - score(feature, order);
                })
                .toArray();
    }

    private int[] rows() {
        return IntStream.range(0, targets.rows()).toArray();
    }

    private double score(FeatureRange feature, int[] order) {
        accumulator.reset();
        int rowsAtOnce = Math.max(1, NUMBERS_AT_ONCE / Math.max(inputs.columns(), targets.columns()));
        for (int from = 0; from < order.length; from += rowsAtOnce) {
            int[] part = IntStream.range(from, from + Math.min(rowsAtOnce, order.length - from))
                    .toArray();
            accumulator.add(predictor.predict(permuted(part, feature, order)));
        }
        Double value = accumulator.value();
        return value == null ? Double.NaN : value;
    }

    /** Some rows of the inputs, but the feature's as other rows have them. */
    private Matrix permuted(int[] rows, FeatureRange feature, int[] order) {
        float[] values = new float[rows.length * inputs.columns()];
        for (int i = 0; i < rows.length; i++) {
            int place = i * inputs.columns();
            inputs.copyRow(rows[i], values, place);
            for (int input = feature.first(); input < feature.end(); input++) {
                values[place + input] = inputs.get(order[rows[i]], input);
            }
        }
        return Matrix.wrap(rows.length, inputs.columns(), values);
    }
}
