package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.engine.MeanAndDeviation;
import io.backprop.engine.Metric;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TargetKind;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Metrics;
import io.backprop.prediction.Importance.FeatureImportance;
import io.backprop.tabular.Preprocessing.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures how much worse predictions become when the values of one feature are shuffled between the rows: they keep their
 * distribution, but carry no information about their row. Breiman, "Random forests", 2001.
 */
final class FeaturePermuter {
    /*
     * Each order comes from a random stream derived from feature and repeat, so that it does not depend on the other
     * orders. The rows pass through the network in parts, which avoids a second copy of all rows and lets other requests
     * compute in between.
     */

    private static final long PERMUTATION_STREAM = 0x7065726d757465L; // derived from the seed

    private final Predictor predictor;
    private final TargetKind kind;
    private final Metric metric;
    private final Matrix inputs; // rows × inputs, encoded
    private final Matrix targets; // rows × outputs, in the unit of the targets
    private final String targetsField; // for messages
    private final int repeats;
    private final long seed;

    FeaturePermuter(
            Predictor predictor, Matrix inputs, Matrix targets, String targetsField, PermutationOptions options) {
        this.predictor = predictor;
        this.kind = Metrics.targetKind(predictor.architecture(), targets);
        this.metric = kind.keyMetric();
        this.inputs = inputs;
        this.targets = targets;
        this.targetsField = targetsField;
        this.repeats = options.repeats();
        this.seed = SplitMix64.derive(options.seedFor(predictor.model()), PERMUTATION_STREAM);
    }

    /**
     * Measures the importance of each feature.
     *
     * @param betweenParts called between predictions of some rows
     * @throws InvalidInputException if the metric is undefined for the predictions
     */
    Importance measure(Runnable betweenParts, List<String> warnings) {
        if (metric == Metric.R2) {
            requireDifferentTargets();
        }
        double score = score(FeatureRange.NONE, rows(), betweenParts);
        if (Double.isNaN(score)) {
            throw new InvalidInputException(
                    targetsField.equals("rows") ? "rows" : "inputs",
                    "the predictions for these rows are too far from the targets to be measured by r2");
        }
        List<FeatureImportance> features = FeatureRange.of(predictor).stream()
                .map(feature -> measure(feature, score, betweenParts))
                .sorted(Comparator.comparingDouble(FeatureImportance::mean).reversed())
                .toList();
        return new Importance(predictor.model(), targets.rows(), metric, score, repeats, features, warnings);
    }

    private FeatureImportance measure(FeatureRange feature, double score, Runnable betweenParts) {
        long featureSeed = SplitMix64.derive(seed, feature.first());
        double[] losses = IntStream.range(0, repeats)
                .mapToDouble(repeat -> {
                    betweenParts.run();
                    int[] order = rows();
                    new SplitMix64(SplitMix64.derive(featureSeed, repeat)).shuffle(order);
                    return score - score(feature, order, betweenParts);
                })
                .toArray();
        MeanAndDeviation loss = MeanAndDeviation.of(repeats, repeat -> losses[repeat]);
        return new FeatureImportance(feature.name(), loss.mean(), loss.deviation());
    }

    /** With constant targets, r2 hardly depends on the predictions. */
    private void requireDifferentTargets() {
        String target = predictor.architecture().preprocessing() instanceof Columns columns ? columns.target() : null;
        for (int column = 0; column < targets.columns(); column++) {
            if (isConstant(column)) {
                String where = target == null ? "column " + column : "column \"%s\"".formatted(target);
                throw new InvalidInputException(
                        targetsField,
                        "r2 needs targets that differ between rows, but all in %s are %s"
                                .formatted(where, targets.get(0, column)));
            }
        }
    }

    private boolean isConstant(int column) {
        return IntStream.range(1, targets.rows()).allMatch(row -> targets.get(row, column) == targets.get(0, column));
    }

    private int[] rows() {
        return IntStream.range(0, targets.rows()).toArray();
    }

    private double score(FeatureRange feature, int[] order, Runnable betweenParts) {
        List<Matrix> predictions = new ArrayList<>();
        int rowsPerPart = predictor.rowsPerTurn();
        for (int from = 0; from < order.length; from += rowsPerPart) {
            if (from > 0) {
                betweenParts.run();
            }
            int[] part = IntStream.range(from, from + Math.min(rowsPerPart, order.length - from))
                    .toArray();
            predictions.add(predictor.predict(permuted(part, feature, order)));
        }
        Double value = kind.measure(metric, Matrix.concatenate(predictions), targets);
        return value == null ? Double.NaN : value;
    }

    /** Some rows of the inputs, with the values of the feature taken from the rows in {@code order}. */
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
