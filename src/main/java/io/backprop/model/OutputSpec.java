package io.backprop.model;

import io.backprop.engine.Activation;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Loss;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The output layer of a model as far as it is known before the number of outputs: each part is given by the client or
 * follows from the others.
 *
 * @param article whether a model without a task has the output layer of the article's network: sigmoid with the mean
 *     squared error
 */
public record OutputSpec(
        @Nullable Task task,
        @Nullable Activation activation,
        @Nullable Loss loss,
        boolean article) {

    public OutputSpec {
        if (activation != null && loss != null) {
            try {
                loss.requireFits(activation);
            } catch (InvalidArgumentException e) {
                throw new InvalidInputException("loss", e);
            }
        }
        if (activation == Activation.SOFTMAX || (loss != null && loss.isCrossentropy())) {
            if (task == Task.REGRESSION) {
                throw new InvalidInputException(
                        "task", "task must be classification with softmax or a cross-entropy, but is regression");
            }
            task = Task.CLASSIFICATION;
        }
        if (loss instanceof Loss.Poisson) {
            if (task == Task.CLASSIFICATION) {
                throw new InvalidInputException("task", "task must be regression with poisson, but is classification");
            }
            task = Task.REGRESSION;
        }
    }

    /**
     * This output layer with a task.
     *
     * @throws InvalidInputException if it has another task
     */
    OutputSpec withTask(Task given) {
        if (task != null && task != given) {
            throw new InvalidInputException(
                    "task",
                    "task must be %s, as the model has it, but was %s"
                            .formatted(
                                    task.name().toLowerCase(Locale.ROOT),
                                    given.name().toLowerCase(Locale.ROOT)));
        }
        return new OutputSpec(given, activation, loss, article);
    }

    /** This output layer for targets that are names of classes, or numbers. */
    OutputSpec forTargets(boolean classes) {
        if (task != null || (isKnown() && !classes)) {
            return this;
        }
        return new OutputSpec(classes ? Task.CLASSIFICATION : Task.REGRESSION, fixedActivation(), fixedLoss(), article);
    }

    /** Whether nothing is known, so that the targets decide. */
    public boolean isOpen() {
        return !isKnown() && loss == null;
    }

    /** Whether the activation follows from the number of outputs. */
    boolean isKnown() {
        return task != null || fixedActivation() != null;
    }

    /** The activation for any number of outputs; null if it is unknown or depends on that number. */
    public @Nullable Activation fixedActivation() {
        return activation == null && article && task == null ? Activation.SIGMOID : activation;
    }

    /** The loss for any number of outputs; null if it is unknown or depends on that number. */
    @Nullable
    Loss fixedLoss() {
        return loss == null && activation == null && article && task == null ? new Loss.MeanSquaredError() : loss;
    }

    /** The activation for the given number of outputs. */
    Activation activation(int outputs) {
        Activation fixed = fixedActivation();
        if (fixed != null) {
            return fixed;
        }
        if (loss == null && task == Task.CLASSIFICATION) {
            return outputs == 1 ? Activation.SIGMOID : Activation.SOFTMAX;
        }
        if (loss instanceof Loss.CategoricalCrossentropy) {
            return Activation.SOFTMAX;
        }
        if (loss instanceof Loss.Poisson) {
            return Activation.EXPONENTIAL;
        }
        return loss instanceof Loss.BinaryCrossentropy || task == Task.CLASSIFICATION
                ? Activation.SIGMOID
                : Activation.LINEAR;
    }

    /** Whether the given number of outputs predict labels that do not exclude each other. */
    boolean isMultiLabel(int outputs) {
        return outputs > 1 && loss(outputs) instanceof Loss.BinaryCrossentropy;
    }

    /** The loss for the given number of outputs. */
    Loss loss(int outputs) {
        if (loss != null) {
            return loss;
        }
        Activation chosen = activation(outputs);
        if (chosen == Activation.SOFTMAX) {
            return new Loss.CategoricalCrossentropy();
        }
        return chosen == Activation.SIGMOID && task == Task.CLASSIFICATION
                ? new Loss.BinaryCrossentropy()
                : new Loss.MeanSquaredError();
    }
}
