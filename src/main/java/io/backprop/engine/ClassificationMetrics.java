package io.backprop.engine;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How well predicted probabilities tell classes; with one output the classes are 0 and 1, divided at 0.5. */
public final class ClassificationMetrics {
    /*
     * Everything but the area under the curve comes from the confusion matrix and one sum, found in one pass.
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
        int classes = Math.max(2, targets.columns());
        long[][] confusion = new long[classes][classes];
        double logLoss = 0;
        for (int row = 0; row < targets.rows(); row++) {
            int actual = classOf(targets, row);
            confusion[actual][classOf(predictions, row)]++;
            logLoss -= Math.log(Math.max(SMALLEST_PROBABILITY, probability(predictions, row, actual)));
        }
        Double auc = targets.columns() == 1 ? areaUnderCurve(predictions, targets) : null;
        return new ClassificationMetrics(confusion, logLoss / targets.rows(), auc);
    }

    /** The most probable class of a row: the first of the largest; of one number, whether it is above 0.5. */
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

    /** The most probable class of each row. */
    public static int[] classesOf(Matrix probabilities) {
        return IntStream.range(0, probabilities.rows())
                .map(row -> classOf(probabilities, row))
                .toArray();
    }

    private static double probability(Matrix predictions, int row, int label) {
        if (predictions.columns() == 1) {
            double positive = predictions.get(row, 0);
            return label == 1 ? positive : 1 - positive;
        }
        return predictions.get(row, label);
    }

    /** The share of pairs of a positive and a negative that are in the right order, equal ones counted half. */
    private static @Nullable Double areaUnderCurve(Matrix predictions, Matrix targets) {
        Integer[] byScore = IntStream.range(0, targets.rows()).boxed().toArray(Integer[]::new);
        Arrays.sort(byScore, (a, b) -> Float.compare(predictions.get(a, 0), predictions.get(b, 0)));
        double rankSum = 0;
        long positives = 0;
        int first = 0;
        while (first < byScore.length) {
            int end = first;
            long tiedPositives = 0;
            do {
                tiedPositives += classOf(targets, byScore[end]);
                end++;
            } while (end < byScore.length && predictions.get(byScore[end], 0) == predictions.get(byScore[first], 0));
            rankSum += tiedPositives * (first + 1 + end) / 2.0;
            positives += tiedPositives;
            first = end;
        }
        long negatives = byScore.length - positives;
        if (positives == 0 || negatives == 0) {
            return null;
        }
        return (rankSum - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
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
}
