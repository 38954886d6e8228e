package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How well predicted probabilities tell classes; with one output the classes are 0 and 1, divided at 0.5. */
public final class ClassificationMetrics {
    /*
     * Everything but the area under the curve is counted, so that examples need not be kept. Of the confusion matrix
     * there is no more than its counts that are not 0: of some thousand classes it would have many millions.
     */

    private static final double SMALLEST_PROBABILITY = 1e-15;

    private final Counts counts;
    private final double logLoss;
    private final @Nullable Double auc;

    private ClassificationMetrics(Counts counts, double logLoss, @Nullable Double auc) {
        this.counts = counts;
        this.logLoss = logLoss;
        this.auc = auc;
    }

    /** Metrics of predictions, examples × outputs, against targets of the same shape. */
    public static ClassificationMetrics of(Matrix predictions, Matrix targets) {
        Accumulator accumulator = new Accumulator(targets.columns());
        accumulator.add(predictions, targets);
        return accumulator.metrics();
    }

    /** The most probable class of a row: the first of the largest; of one number, whether it is above 0.5. */
    public static int classOf(Matrix probabilities, int row) {
        return classOf(probabilities.values(), row * probabilities.columns(), probabilities.columns());
    }

    /** The most probable class by the numbers from an offset on, one for each output. */
    static int classOf(float[] probabilities, int offset, int outputs) {
        if (outputs == 1) {
            return probabilities[offset] > 0.5f ? 1 : 0;
        }
        int largest = 0;
        for (int output = 1; output < outputs; output++) {
            if (probabilities[offset + output] > probabilities[offset + largest]) {
                largest = output;
            }
        }
        return largest;
    }

    /** The most probable class of each row. */
    public static int[] classesOf(Matrix probabilities) {
        return IntStream.range(0, probabilities.rows())
                .map(row -> classOf(probabilities, row))
                .toArray();
    }

    /** Share of examples whose predicted class is the actual one. */
    public double accuracy() {
        return (double) Arrays.stream(counts.correct).sum()
                / Arrays.stream(counts.actual).sum();
    }

    /** Mean of {@code −log p} of the actual class. */
    public double logLoss() {
        return logLoss;
    }

    /**
     * Area under the receiver operating characteristic; null with several outputs, where one class is missing, or of
     * more than 16,777,216 examples.
     */
    public @Nullable Double auc() {
        return auc;
    }

    /** Number of examples by actual class (rows) and predicted class (columns). */
    public long[][] confusionMatrix() {
        return counts.matrix();
    }

    /** Of the examples predicted as this class, the share that is; 0 if there are none. */
    public double precision(int label) {
        return share(counts.correct[label], counts.predicted[label]);
    }

    /** Of the examples of this class, the share predicted as it; 0 if there are none. */
    public double recall(int label) {
        return share(counts.correct[label], counts.actual[label]);
    }

    /** Harmonic mean of precision and recall. */
    public double f1(int label) {
        double sum = precision(label) + recall(label);
        return sum == 0 ? 0 : 2 * precision(label) * recall(label) / sum;
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** How many examples there are of each kind. */
    private static final class Counts {

        private final long[] actual; // classes
        private final long[] predicted; // classes
        private final long[] correct; // classes
        private final Map<Long, Long> pairs; // by actual class × classes + predicted class

        Counts(int classes) {
            this(new long[classes], new long[classes], new long[classes], new HashMap<>());
        }

        private Counts(long[] actual, long[] predicted, long[] correct, Map<Long, Long> pairs) {
            this.actual = actual;
            this.predicted = predicted;
            this.correct = correct;
            this.pairs = pairs;
        }

        Counts copy() {
            return new Counts(actual.clone(), predicted.clone(), correct.clone(), Map.copyOf(pairs));
        }

        void add(int actualClass, int predictedClass) {
            actual[actualClass]++;
            predicted[predictedClass]++;
            correct[actualClass] += actualClass == predictedClass ? 1 : 0;
            pairs.merge((long) actualClass * actual.length + predictedClass, 1L, Long::sum);
        }

        long[][] matrix() {
            long[][] matrix = new long[actual.length][actual.length];
            pairs.forEach((pair, count) -> matrix[(int) (pair / actual.length)][(int) (pair % actual.length)] = count);
            return matrix;
        }
    }

    /** Examples that come in parts; however they are parted, the metrics have the same bits. */
    public static final class Accumulator {

        private final int outputs;
        private final Counts counts;
        private final @Nullable RocAuc curve;
        private double logLosses;
        private long rows;

        public Accumulator(int outputs) {
            requireAtLeast(1, outputs, "outputs");
            this.outputs = outputs;
            counts = new Counts(Math.max(2, outputs));
            curve = outputs == 1 ? new RocAuc() : null;
        }

        /** Takes the next examples: predictions, examples × outputs, and targets of the same shape. */
        public void add(Matrix predictions, Matrix targets) {
            Matrix.requireComparable(predictions, targets, outputs);
            for (int row = 0; row < targets.rows(); row++) {
                int actual = classOf(targets, row);
                counts.add(actual, classOf(predictions, row));
                logLosses -= StrictMath.log(Math.max(SMALLEST_PROBABILITY, probability(predictions, row, actual)));
                if (curve != null) {
                    curve.add(predictions.get(row, 0), actual == 1);
                }
            }
            rows += targets.rows();
        }

        private static double probability(Matrix predictions, int row, int label) {
            if (predictions.columns() == 1) {
                double positive = predictions.get(row, 0);
                return label == 1 ? positive : 1 - positive;
            }
            return predictions.get(row, label);
        }

        /** Of all examples so far, at least one. */
        public ClassificationMetrics metrics() {
            requireAtLeast(1, rows, "examples");
            return new ClassificationMetrics(counts.copy(), logLosses / rows, curve == null ? null : curve.value());
        }
    }
}
