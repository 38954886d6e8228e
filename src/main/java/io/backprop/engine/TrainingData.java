package io.backprop.engine;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a training learns from, and optionally what it is checked against after each epoch.
 *
 * @param validation examples that no step is taken on
 */
public record TrainingData(Examples training, @Nullable Examples validation) {

    public static TrainingData of(Examples training) {
        return new TrainingData(training, null);
    }

    /** A share of the examples, drawn at random, kept for validation; the others stay in the order given. */
    public static TrainingData split(Examples examples, float validationShare, long seed) {
        return of(examples, Split.random(examples.size(), validationShare, seed));
    }

    /** As {@link #split}, with each class of targets in proportion. */
    public static TrainingData splitStratified(Examples examples, float validationShare, long seed) {
        Matrix targets = examples.targets();
        int[] classes = IntStream.range(0, targets.rows())
                .map(row -> ClassificationMetrics.classOf(targets, row))
                .toArray();
        return of(examples, Split.stratified(classes, validationShare, seed));
    }

    private static TrainingData of(Examples examples, Split split) {
        return new TrainingData(examples.select(split.training()), examples.select(split.validation()));
    }
}
