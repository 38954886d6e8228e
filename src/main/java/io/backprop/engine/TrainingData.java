package io.backprop.engine;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The data of a training.
 *
 * @param validation examples that are evaluated after each epoch, but not trained on; null for none
 */
public record TrainingData(Examples training, @Nullable Examples validation) {

    public static TrainingData of(Examples training) {
        return new TrainingData(training, null);
    }

    /** Draws a share of the examples at random for validation. */
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
