package io.backprop.model;

import io.backprop.engine.Activation;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Loss;
import org.jspecify.annotations.Nullable;

/**
 * The output layer of a model as far as it is known before the number of outputs: each part is given by the client or
 * follows from the others.
 */
public record OutputSpec(
        @Nullable Task task,
        @Nullable Activation activation,
        @Nullable Loss loss) {

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
    }

    /** This output layer; without task and activation, sigmoid with the mean squared error. */
    public OutputSpec orClassic() {
        if (task != null || activation != null) { // a cross-entropy implies a task
            return this;
        }
        return new OutputSpec(null, Activation.SIGMOID, loss == null ? Loss.MEAN_SQUARED_ERROR : loss);
    }

    /** This output layer for targets that are names of classes, or numbers. */
    OutputSpec forTargets(boolean classes) {
        if (task != null || (activation != null && !classes)) {
            return this;
        }
        return new OutputSpec(classes ? Task.CLASSIFICATION : Task.REGRESSION, activation, loss);
    }

    /** The activation for the given number of outputs. */
    Activation activation(int outputs) {
        if (activation != null) {
            return activation;
        }
        if (loss == null && task == Task.CLASSIFICATION) {
            return outputs == 1 ? Activation.SIGMOID : Activation.SOFTMAX;
        }
        if (loss == Loss.CATEGORICAL_CROSSENTROPY) {
            return Activation.SOFTMAX;
        }
        return loss == Loss.BINARY_CROSSENTROPY || task == Task.CLASSIFICATION ? Activation.SIGMOID : Activation.LINEAR;
    }

    /** The loss for the given number of outputs. */
    Loss loss(int outputs) {
        if (loss != null) {
            return loss;
        }
        Activation chosen = activation(outputs);
        if (chosen == Activation.SOFTMAX) {
            return Loss.CATEGORICAL_CROSSENTROPY;
        }
        return chosen == Activation.SIGMOID && task == Task.CLASSIFICATION
                ? Loss.BINARY_CROSSENTROPY
                : Loss.MEAN_SQUARED_ERROR;
    }
}
