package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of predicted probabilities of classes that exclude each other, with the definitions of scikit-learn. A single
 * output is the probability of the second of two classes.
 */
public final class ClassificationMetrics implements Metric.Values {
    /*
     * All metrics but those of ranked scores are computed from counts, so examples need not be kept. The confusion matrix is
     * sparse while it is accumulated, because for thousands of classes a dense one has many millions of elements.
     */

    private static final double MIN_PROBABILITY = 0x1p-52; // the epsilon of a double

    private static final int MAX_RANKS = 5; // of top accuracies

    private static final double SUM_TOLERANCE = 1e-4; // of probabilities in float

    private final Map<Long, Long> counts; // examples by actual class × classes + predicted class
    private final long[] actual; // examples of each class
    private final long[] predicted; // examples predicted as each class
    private final long[] correct; // correct predictions of each class
    private final long[] ranks; // examples whose class is the most probable one, the second one and so on
    private final double logLoss;
    private final @Nullable Double auc;
    private final @Nullable Double averagePrecision;

    private ClassificationMetrics(
            Map<Long, Long> counts,
            int classes,
            long[] ranks,
            double logLoss,
            @Nullable Double auc,
            @Nullable Double averagePrecision) {
        this.counts = counts;
        this.actual = new long[classes];
        this.predicted = new long[classes];
        this.correct = new long[classes];
        this.ranks = ranks;
        this.logLoss = logLoss;
        this.auc = auc;
        this.averagePrecision = averagePrecision;
        counts.forEach((pair, count) -> {
            int row = (int) (pair / classes);
            int column = (int) (pair % classes);
            actual[row] += count;
            predicted[column] += count;
            correct[row] += row == column ? count : 0;
        });
    }

    /** Computes the metrics of predictions and targets, both examples × outputs. */
    public static ClassificationMetrics of(Matrix predictions, Matrix targets) {
        Accumulator accumulator = new Accumulator(targets.columns());
        accumulator.add(predictions, targets);
        return accumulator.metrics();
    }

    @Override
    public @Nullable Double of(Metric metric) {
        return switch (metric) {
            case ACCURACY -> accuracy();
            case BALANCED_ACCURACY -> balancedAccuracy();
            case TOP_3_ACCURACY -> topAccuracy(3);
            case TOP_5_ACCURACY -> topAccuracy(5);
            case LOG_LOSS -> logLoss;
            case MACRO_F1 -> macroF1();
            case MCC -> mcc();
            case AUC -> auc;
            case AVERAGE_PRECISION -> averagePrecision;
            default -> throw new InvalidArgumentException(metric.id() + " is not a metric of classes");
        };
    }

    /** The most probable class of a row, the first one in case of a tie; for a single output, 1 if above 0.5, else 0. */
    public static int classOf(Matrix probabilities, int row) {
        if (probabilities.columns() == 1) {
            return probabilities.get(row, 0) > 0.5f ? 1 : 0;
        }
        int largest = 0;
        for (int column = 1; column < probabilities.columns(); column++) {
            if (probabilities.get(row, column) > probabilities.get(row, largest)) {
                largest = column;
            }
        }
        return largest;
    }

    /**
     * As {@link #classOf(Matrix, int)}, but of two classes the second one exactly if its probability exceeds a threshold.
     *
     * @param threshold null for the most probable class
     */
    public static int classOf(Matrix probabilities, int row, @Nullable Float threshold) {
        if (threshold == null) {
            return classOf(probabilities, row);
        }
        return probabilities.get(row, probabilities.columns() - 1) > threshold ? 1 : 0;
    }

    /** Only the accuracy of predictions and targets, both examples × outputs, which is much faster than all metrics. */
    static double accuracy(Matrix predictions, Matrix targets) {
        requireAtLeast(1, targets.rows(), "examples");
        Matrix.requireComparable(predictions, targets, targets.columns());
        return (double) IntStream.range(0, targets.rows())
                        .filter(row -> classOf(predictions, row) == classOf(targets, row))
                        .count()
                / targets.rows();
    }

    /** The most probable class of each row. */
    public static int[] classesOf(Matrix probabilities) {
        return IntStream.range(0, probabilities.rows())
                .map(row -> classOf(probabilities, row))
                .toArray();
    }

    /** Share of the examples whose predicted class is the actual class. */
    public double accuracy() {
        return (double) Arrays.stream(correct).sum() / examples();
    }

    /**
     * Share of the examples whose actual class is among the k most probable ones; of classes that are equally probable, the
     * first ones count as more probable.
     *
     * @param k from 1 to 5
     */
    public double topAccuracy(int k) {
        requireArgument(k >= 1 && k <= ranks.length, "k must be between 1 and %d, but was %d", ranks.length, k);
        return (double) Arrays.stream(ranks, 0, k).sum() / examples();
    }

    /**
     * Mean of {@code −log p} of the actual class, where outputs that do not sum to 1, as of sigmoids, are divided by their
     * sum.
     */
    public double logLoss() {
        return logLoss;
    }

    /** Mean recall of the classes that have examples. */
    public double balancedAccuracy() {
        return mean(i -> actual[i] > 0, this::recall);
    }

    /** Mean F1 of the classes that have examples or are predicted. */
    public double macroF1() {
        return mean(i -> actual[i] > 0 || predicted[i] > 0, this::f1);
    }

    /** The mean of a metric of some classes, added in rising order; {@code DoubleStream} does not specify an order. */
    private double mean(IntPredicate included, IntToDoubleFunction metric) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < actual.length; i++) {
            if (included.test(i)) {
                sum += metric.applyAsDouble(i);
                count++;
            }
        }
        return sum / count;
    }

    /**
     * The Matthews correlation coefficient, {@code (c·n − Σ pₖtₖ) / √((n² − Σ pₖ²)(n² − Σ tₖ²))} with n examples, of which c
     * are predicted correctly, pₖ are predicted as class k, and tₖ are of class k; 0 if a factor is 0.
     */
    public double mcc() {
        double n = examples();
        double covariance = Arrays.stream(correct).sum() * n;
        double predictedVariance = n * n;
        double actualVariance = n * n;
        for (int i = 0; i < actual.length; i++) {
            covariance -= (double) predicted[i] * actual[i];
            predictedVariance -= (double) predicted[i] * predicted[i];
            actualVariance -= (double) actual[i] * actual[i];
        }
        double deviations = Math.sqrt(predictedVariance * actualVariance);
        return deviations == 0 ? 0 : covariance / deviations;
    }

    /**
     * Area under the ROC curve of the second of two classes; null for more classes, if a class has no examples, or for more
     * than 16,777,216 examples.
     */
    public @Nullable Double auc() {
        return auc;
    }

    /** Average precision of the second of two classes, {@code Σ (Rₙ − Rₙ₋₁) Pₙ}; null where {@link #auc} is. */
    public @Nullable Double averagePrecision() {
        return averagePrecision;
    }

    /** Number of examples. */
    public long examples() {
        return Arrays.stream(actual).sum();
    }

    /** Number of examples of a class. */
    public long examples(int classIndex) {
        return actual[classIndex];
    }

    /** Number of examples predicted as a class. */
    public long predictions(int classIndex) {
        return predicted[classIndex];
    }

    /** Number of examples by actual class (row) and predicted class (column). */
    public long[][] confusionMatrix() {
        long[][] matrix = new long[actual.length][actual.length];
        counts.forEach((pair, count) -> matrix[(int) (pair / actual.length)][(int) (pair % actual.length)] = count);
        return matrix;
    }

    /** {@code TP / (TP + FP)}; 0 if no example is predicted as this class. */
    public double precision(int classIndex) {
        return share(correct[classIndex], predicted[classIndex]);
    }

    /** {@code TP / (TP + FN)}; 0 if no example is of this class. */
    public double recall(int classIndex) {
        return share(correct[classIndex], actual[classIndex]);
    }

    /** {@code 2·TP / (2·TP + FP + FN)}, the harmonic mean of precision and recall; 0 if both are 0. */
    public double f1(int classIndex) {
        return share(2 * correct[classIndex], predicted[classIndex] + actual[classIndex]);
    }

    /** The logarithm of a probability, which is not −∞ even for 0. */
    static double logOf(double probability) {
        return StrictMath.log(Math.max(MIN_PROBABILITY, probability));
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** Computes the metrics of examples that are added in several parts; any division gives the same bits. */
    public static final class Accumulator {

        private final int outputs;
        private final int classes;
        private final Map<Long, Long> counts = new HashMap<>(); // by actual class × classes + predicted class
        private final long[] ranks = new long[MAX_RANKS];
        private final @Nullable Float threshold;
        private final @Nullable RankedScores scores;
        private double logLosses;
        private long rows;

        public Accumulator(int outputs) {
            this(outputs, null);
        }

        /** @param threshold probability above which the second of two classes is predicted; null for the most probable one */
        public Accumulator(int outputs, @Nullable Float threshold) {
            requireAtLeast(1, outputs, "outputs");
            requireArgument(
                    threshold == null || outputs <= 2, "threshold is for two classes, but outputs are %d", outputs);
            this.outputs = outputs;
            this.threshold = threshold;
            classes = Math.max(2, outputs);
            scores = outputs <= 2 ? new RankedScores() : null;
        }

        /** Adds examples: predictions and targets, both examples × outputs. */
        public void add(Matrix predictions, Matrix targets) {
            Matrix.requireComparable(predictions, targets, outputs);
            for (int row = 0; row < targets.rows(); row++) {
                int actual = classOf(targets, row);
                counts.merge((long) actual * classes + classOf(predictions, row, threshold), 1L, Long::sum);
                logLosses -= logOf(probability(predictions, row, actual));
                int rank = rank(predictions, row, actual);
                if (rank < MAX_RANKS) {
                    ranks[rank]++;
                }
                if (scores != null) {
                    scores.add(predictions.get(row, outputs - 1), actual == 1);
                }
            }
            rows += targets.rows();
        }

        /** The number of classes that are more probable than the actual one, or as probable and before it. */
        private static int rank(Matrix predictions, int row, int actual) {
            if (predictions.columns() == 1) {
                return classOf(predictions, row) == actual ? 0 : 1;
            }
            float own = predictions.get(row, actual);
            if (Float.isNaN(own)) {
                return predictions.columns();
            }
            int rank = 0;
            for (int column = 0; column < predictions.columns(); column++) {
                float other = predictions.get(row, column);
                rank += other > own || (other == own && column < actual) ? 1 : 0;
            }
            return rank;
        }

        private static double probability(Matrix predictions, int row, int classIndex) {
            if (predictions.columns() == 1) {
                double positive = predictions.get(row, 0);
                return classIndex == 1 ? positive : 1 - positive;
            }
            double sum = 0;
            for (int column = 0; column < predictions.columns(); column++) {
                sum += predictions.get(row, column);
            }
            double share = predictions.get(row, classIndex);
            return Math.abs(sum - 1) > SUM_TOLERANCE && sum > 0 ? share / sum : share;
        }

        /** The metrics of all examples added so far, at least one. */
        public ClassificationMetrics metrics() {
            requireAtLeast(1, rows, "examples");
            return new ClassificationMetrics(
                    Map.copyOf(counts),
                    classes,
                    ranks.clone(),
                    logLosses / rows,
                    scores == null ? null : scores.rocAuc(),
                    scores == null ? null : scores.averagePrecision());
        }
    }
}
