package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import org.jspecify.annotations.Nullable;

/**
 * The data of a training.
 *
 * @param validation examples that are evaluated after each epoch, but not trained on; null for none
 * @param folds how a cross-validation divides the training examples; null for a training
 * @param heldOut which of the training examples a search trains its trials on, and which it measures them on; null unless it
 *     divides them
 */
public record TrainingData(
        Examples training,
        @Nullable Examples validation,
        @Nullable Folds folds,
        @Nullable Split heldOut) {

    public TrainingData {
        requireArgument(
                folds == null || folds.rows() == training.size(),
                "folds must divide the %d rows of the training examples, but divide %d",
                training.size(),
                folds == null ? 0 : folds.rows());
        requireArgument(
                heldOut == null || heldOut.rows() == training.size(),
                "heldOut must divide the %d rows of the training examples, but divides %d",
                training.size(),
                heldOut == null ? 0 : heldOut.rows());
    }

    /** The data of a cross-validation, or of networks that are validated on their own folds. */
    public TrainingData(Examples training, @Nullable Examples validation, @Nullable Folds folds) {
        this(training, validation, folds, null);
    }

    /** The data of a search, with rows that are divided into these ones for training and for validation. */
    public TrainingData withHeldOut(Split split) {
        return new TrainingData(training, validation, folds, split);
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
