package io.backprop.training;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.model.Architecture;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The weights of examples: each one's own weight times that of its class. */
final class ExampleWeights {

    private ExampleWeights() {}

    /**
     * The weight of each row of targets; null if all count the same.
     *
     * @param trainingRows for which balanced classes have the same total weight
     */
    static @Nullable Vector of(
            Architecture architecture,
            Matrix targets,
            int[] trainingRows,
            @Nullable Vector sampleWeights,
            ClassWeights classWeights) {
        boolean equal = classWeights.equals(ClassWeights.NONE);
        if (sampleWeights == null && equal) {
            return null;
        }
        float[] weights = weights(targets.rows(), sampleWeights);
        if (!equal) {
            float[] byClass = byClass(architecture, targets, trainingRows, classWeights);
            for (int row = 0; row < weights.length; row++) {
                weights[row] = product(row, weights[row], byClass[ClassificationMetrics.classOf(targets, row)]);
            }
        }
        if (Arrays.stream(trainingRows).allMatch(row -> weights[row] == 0)) {
            String field = sampleWeights == null ? "classWeights" : "sampleWeights";
            throw new InvalidInputException(field, field + " must not be 0 for all rows for training");
        }
        return Vector.wrap(weights);
    }

    private static float[] weights(int examples, @Nullable Vector sampleWeights) {
        float[] weights = new float[examples];
        Arrays.fill(weights, 1);
        if (sampleWeights == null) {
            return weights;
        }
        if (sampleWeights.size() != examples) {
            throw new InvalidInputException(
                    "sampleWeights",
                    "sampleWeights must be as many as rows of inputs, but are %d and not %d"
                            .formatted(sampleWeights.size(), examples));
        }
        for (int row = 0; row < examples; row++) {
            weights[row] = sampleWeights.get(row);
            if (weights[row] < 0) {
                throw new InvalidInputException(
                        "/sampleWeights/" + row,
                        "number %d of sampleWeights must be at least 0, but was %s".formatted(row, weights[row]));
            }
        }
        return weights;
    }

    private static float product(int row, float sampleWeight, float classWeight) {
        float product = sampleWeight * classWeight;
        if (!Float.isFinite(product)) {
            throw new InvalidInputException(
                    "/sampleWeights/" + row,
                    "number %d of sampleWeights times its class' number in classWeights must be at most %s, but was %s × %s"
                            .formatted(row, Float.MAX_VALUE, sampleWeight, classWeight));
        }
        return product;
    }

    private static float[] byClass(
            Architecture architecture, Matrix targets, int[] trainingRows, ClassWeights classWeights) {
        if (architecture.outputLayer().task() != Task.CLASSIFICATION) {
            throw new InvalidInputException("classWeights", "classWeights are for a classification");
        }
        if (architecture.isMultiLabel()) {
            throw new InvalidInputException(
                    "classWeights", "classWeights are for rows of one class, but a row may have several");
        }
        List<String> classes = architecture.classEncoding(targets.columns()).names();
        return byClass(classes, counts(classes.size(), targets, trainingRows), classWeights);
    }

    private static long[] counts(int classes, Matrix targets, int[] rows) {
        long[] counts = new long[classes];
        for (int row : rows) {
            counts[ClassificationMetrics.classOf(targets, row)]++;
        }
        return counts;
    }

    /**
     * The weight of the examples of each class.
     *
     * @param counts number of examples for training of each class. Not modified.
     */
    static float[] byClass(List<String> classes, long[] counts, ClassWeights classWeights) {
        return classWeights.byLabel() == null ? balanced(counts) : byName(classes, classWeights.byLabel());
    }

    private static float[] byName(List<String> classes, Map<String, Float> named) {
        float[] weights = new float[classes.size()];
        Arrays.fill(weights, 1);
        for (Map.Entry<String, Float> entry : named.entrySet()) {
            int index = classes.indexOf(entry.getKey());
            if (index < 0) {
                throw new InvalidInputException(
                        "classWeights",
                        "classWeights name \"%s\", but the classes are %s".formatted(entry.getKey(), classes));
            }
            weights[index] = entry.getValue();
        }
        return weights;
    }

    /** A class without examples has weight 0. */
    private static float[] balanced(long[] counts) {
        long examples = Arrays.stream(counts).sum();
        long present = Arrays.stream(counts).filter(count -> count > 0).count();
        float[] weights = new float[counts.length];
        for (int i = 0; i < counts.length; i++) {
            weights[i] = counts[i] == 0 ? 0 : (float) (examples / ((double) present * counts[i]));
        }
        return weights;
    }
}
