package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of labels that do not exclude each other: each output is the probability that a row has one of several labels. A
 * metric is that of each output as a classification of two classes, averaged over the outputs.
 */
public final class MultiLabelMetrics implements Metric.Values {

    /** A label is predicted if its probability is above. */
    public static final float DEFAULT_THRESHOLD = 0.5f;

    private final long examples;
    private final long[] truePositives; // by output
    private final long[] falsePositives;
    private final long[] falseNegatives;
    private final double logLoss;
    private final double subsetAccuracy;

    private MultiLabelMetrics(Accumulator counts) {
        this.examples = counts.rows;
        this.truePositives = counts.truePositives.clone();
        this.falsePositives = counts.falsePositives.clone();
        this.falseNegatives = counts.falseNegatives.clone();
        this.logLoss = counts.logLosses / ((double) examples * truePositives.length);
        this.subsetAccuracy = (double) counts.exactRows / examples;
    }

    /** Computes the metrics of predictions and targets, both examples × outputs. */
    public static MultiLabelMetrics of(Matrix predictions, Matrix targets) {
        Accumulator accumulator = new Accumulator(targets.columns(), null);
        accumulator.add(predictions, targets);
        return accumulator.metrics();
    }

    @Override
    public Double of(Metric metric) {
        return switch (metric) {
            case ACCURACY -> accuracy();
            case SUBSET_ACCURACY -> subsetAccuracy;
            case BALANCED_ACCURACY -> balancedAccuracy();
            case LOG_LOSS -> logLoss;
            case MACRO_F1 -> macroF1();
            case MCC -> mcc();
            default -> throw new InvalidArgumentException(metric.id() + " is not a metric of labels");
        };
    }

    /** Share of the labels of all examples that are predicted correctly; 1 minus the Hamming loss. */
    public double accuracy() {
        return mean(i -> (double) (examples - falsePositives[i] - falseNegatives[i]) / examples);
    }

    /** Share of the examples whose labels are all predicted correctly. */
    public double subsetAccuracy() {
        return subsetAccuracy;
    }

    /** Mean recall of having and of not having a label, where there are such examples. */
    public double balancedAccuracy() {
        return mean(i -> {
            long negatives = examples - examples(i);
            if (negatives == 0 || examples(i) == 0) {
                return negatives == 0 ? recall(i) : specificity(i);
            }
            return (recall(i) + specificity(i)) / 2;
        });
    }

    /** Mean of {@code −log p} of having or of not having a label. */
    public double logLoss() {
        return logLoss;
    }

    /** Mean F1 of the labels. */
    public double macroF1() {
        return mean(this::f1);
    }

    /**
     * Mean Matthews correlation coefficient, {@code (TP·TN − FP·FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN))}; 0 for 0 / 0.
     */
    public double mcc() {
        return mean(i -> {
            double trueNegatives = examples - truePositives[i] - falsePositives[i] - falseNegatives[i];
            double covariance = truePositives[i] * trueNegatives - (double) falsePositives[i] * falseNegatives[i];
            double deviations = Math.sqrt((double) predictions(i) * examples(i))
                    * Math.sqrt((trueNegatives + falsePositives[i]) * (trueNegatives + falseNegatives[i]));
            return deviations == 0 ? 0 : covariance / deviations;
        });
    }

    /** {@code TP / (TP + FP)} of a label; 0 if it is never predicted. */
    public double precision(int output) {
        return share(truePositives[output], predictions(output));
    }

    /** {@code TP / (TP + FN)} of a label; 0 if no example has it. */
    public double recall(int output) {
        return share(truePositives[output], examples(output));
    }

    /** {@code 2·TP / (2·TP + FP + FN)} of a label; 0 if precision and recall are 0. */
    public double f1(int output) {
        return share(2 * truePositives[output], predictions(output) + examples(output));
    }

    /** Number of examples that have a label. */
    public long examples(int output) {
        return truePositives[output] + falseNegatives[output];
    }

    /** Number of examples for which a label is predicted. */
    public long predictions(int output) {
        return truePositives[output] + falsePositives[output];
    }

    /** {@code TN / (TN + FP)}. */
    private double specificity(int output) {
        long negatives = examples - examples(output);
        return share(negatives - falsePositives[output], negatives);
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private double mean(IntToDoubleFunction metric) {
        double sum = 0;
        for (int output = 0; output < truePositives.length; output++) {
            sum += metric.applyAsDouble(output);
        }
        return sum / truePositives.length;
    }

    /** Computes the metrics of examples that are added in several parts; any division gives the same bits. */
    public static final class Accumulator {

        private final float threshold;
        private final long[] truePositives; // by output
        private final long[] falsePositives;
        private final long[] falseNegatives;
        private double logLosses;
        private long exactRows;
        private long rows;

        /** @param threshold the probability above which a label is predicted; null for 0.5 */
        public Accumulator(int outputs, @Nullable Float threshold) {
            requireAtLeast(1, outputs, "outputs");
            this.threshold = threshold == null ? DEFAULT_THRESHOLD : threshold;
            this.truePositives = new long[outputs];
            this.falsePositives = new long[outputs];
            this.falseNegatives = new long[outputs];
        }

        /** Adds predictions and targets, both examples × outputs; an example has a label if its target is above 0.5. */
        public void add(Matrix predictions, Matrix targets) {
            Matrix.requireComparable(predictions, targets, truePositives.length);
            for (int row = 0; row < targets.rows(); row++) {
                boolean exact = true;
                for (int output = 0; output < truePositives.length; output++) {
                    exact &= add(output, predictions.get(row, output), targets.get(row, output) > DEFAULT_THRESHOLD);
                }
                exactRows += exact ? 1 : 0;
            }
            rows += targets.rows();
        }

        private boolean add(int output, double probability, boolean actual) {
            boolean predicted = probability > threshold;
            if (predicted && actual) {
                truePositives[output]++;
            } else if (predicted) {
                falsePositives[output]++;
            } else if (actual) {
                falseNegatives[output]++;
            }
            logLosses -= ClassificationMetrics.logOf(actual ? probability : 1 - probability);
            return predicted == actual;
        }

        /** The metrics of all examples added so far, at least one. */
        public MultiLabelMetrics metrics() {
            requireAtLeast(1, rows, "examples");
            return new MultiLabelMetrics(this);
        }
    }
}
