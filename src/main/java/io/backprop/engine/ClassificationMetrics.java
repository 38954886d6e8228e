package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How well predicted probabilities tell classes; with one output the classes are 0 and 1, divided at 0.5. */
public final class ClassificationMetrics {
    /*
     * Everything but the area under the curve comes from the confusion matrix and one sum, so that examples need not be
     * kept.
     */

    private static final double SMALLEST_PROBABILITY = 1e-15;

    private final long[][] confusion; // actual class × predicted class
    private final double logLoss;
    private final @Nullable Double auc;

    private ClassificationMetrics(long[][] confusion, double logLoss, @Nullable Double auc) {
        this.confusion = confusion;
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
        long correct = 0;
        for (int label = 0; label < confusion.length; label++) {
            correct += confusion[label][label];
        }
        return (double) correct
                / Arrays.stream(confusion).flatMapToLong(Arrays::stream).sum();
    }

    /** Mean of {@code −log p} of the actual class. */
    public double logLoss() {
        return logLoss;
    }

    /** Area under the receiver operating characteristic; null with several outputs, or where one class is missing. */
    public @Nullable Double auc() {
        return auc;
    }

    /** Number of examples by actual class (rows) and predicted class (columns). */
    public long[][] confusionMatrix() {
        return Arrays.stream(confusion).map(long[]::clone).toArray(long[][]::new);
    }

    /** Of the examples predicted as this class, the share that is; 0 if there are none. */
    public double precision(int label) {
        long predicted = Arrays.stream(confusion).mapToLong(row -> row[label]).sum();
        return share(confusion[label][label], predicted);
    }

    /** Of the examples of this class, the share predicted as it; 0 if there are none. */
    public double recall(int label) {
        return share(confusion[label][label], Arrays.stream(confusion[label]).sum());
    }

    /** Harmonic mean of precision and recall. */
    public double f1(int label) {
        double sum = precision(label) + recall(label);
        return sum == 0 ? 0 : 2 * precision(label) * recall(label) / sum;
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** Examples that come in parts; however they are parted, the metrics have the same bits. */
    public static final class Accumulator {

        private final long[][] confusion; // actual class × predicted class
        private final @Nullable AreaUnderCurve curve;
        private double logLosses;
        private long rows;

        public Accumulator(int outputs) {
            int classes = Math.max(2, outputs);
            confusion = new long[classes][classes];
            curve = outputs == 1 ? new AreaUnderCurve() : null;
        }

        /** Takes the next examples: predictions, examples × outputs, and targets of the same shape. */
        public void add(Matrix predictions, Matrix targets) {
            for (int row = 0; row < targets.rows(); row++) {
                int actual = classOf(targets, row);
                confusion[actual][classOf(predictions, row)]++;
                logLosses -= Math.log(Math.max(SMALLEST_PROBABILITY, probability(predictions, row, actual)));
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
            requireArgument(rows >= 1, "examples must be at least 1, but are none");
            long[][] counts = Arrays.stream(confusion).map(long[]::clone).toArray(long[][]::new);
            return new ClassificationMetrics(counts, logLosses / rows, curve == null ? null : curve.value());
        }
    }
}
