package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import org.jspecify.annotations.Nullable;

/**
 * The data of a training.
 *
 * @param validation examples that are evaluated after each epoch, but not trained on; null for none
 * @param folds how a cross-validation divides the training examples; null for a training
 */
public record TrainingData(
        Examples training,
        @Nullable Examples validation,
        @Nullable Folds folds) {

    public TrainingData {
        requireArgument(
                folds == null || folds.rows() == training.size(),
                "folds must divide the %d rows of the training examples, but divide %d",
                training.size(),
                folds == null ? 0 : folds.rows());
    }

    /** The data of a training with validation examples, or without if they are null. */
    public TrainingData(Examples training, @Nullable Examples validation) {
        this(training, validation, null);
    }

    /** The data of a training without validation. */
    public static TrainingData of(Examples training) {
        return new TrainingData(training, null, null);
    }

    /** Divides examples into training and validation examples. */
    public static TrainingData of(Examples examples, Split split) {
        return new TrainingData(examples.select(split.training()), examples.select(split.validation()));
    }
}
