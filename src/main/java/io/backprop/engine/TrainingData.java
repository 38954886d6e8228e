package io.backprop.engine;

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

    /** Divides examples into training and validation examples. */
    public static TrainingData of(Examples examples, Split split) {
        return new TrainingData(examples.select(split.training()), examples.select(split.validation()));
    }
}
