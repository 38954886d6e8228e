package io.backprop.model;

import io.backprop.engine.Activation;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Loss;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The output layer of a model as far as it is known before the number of outputs: each part is given by the client or
 * follows from the others.
 *
 * @param labelSmoothing of a cross-entropy, in [0, 1); greater than 0 only for a classification
 * @param article whether a model without a task has the output layer of the article's network: sigmoid with the mean
 *     squared error
 */
public record OutputSpec(
        @Nullable Task task,
        @Nullable Activation activation,
        @Nullable Loss loss,
        float labelSmoothing,
        boolean article) {

    private static final String LABEL_SMOOTHING = "labelSmoothing";

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
        if (task == Task.CLASSIFICATION && loss != null) {
            requireFitsClasses(loss, activation);
        }
        if (loss instanceof Loss.Poisson) {
            task = Task.REGRESSION;
        }
        if (labelSmoothing > 0) {
            requireClassification(task, activation, loss);
            task = Task.CLASSIFICATION;
        }
        if (loss != null && loss.isCrossentropy()) {
            loss = crossentropy(loss instanceof Loss.CategoricalCrossentropy, labelSmoothing);
        }
    }

    private static void requireFitsClasses(Loss loss, @Nullable Activation activation) {
        InvalidInputException.require(
                "loss",
                fitsClasses(loss),
                "loss %s does not fit a classification; fitting losses: %s"
                        .formatted(
                                loss.name(),
                                Loss.all().stream()
                                        .filter(OutputSpec::fitsClasses)
                                        .filter(other -> activation == null || other.fits(activation))
                                        .map(Loss::name)
                                        .collect(Collectors.joining(", "))));
    }

    /** Whether a loss makes sense for probabilities of classes, rather than only for numbers in a unit of their own. */
    private static boolean fitsClasses(Loss loss) {
        return !(loss instanceof Loss.Huber || loss instanceof Loss.Quantile || loss instanceof Loss.Poisson);
    }

    private static void requireClassification(
            @Nullable Task task, @Nullable Activation activation, @Nullable Loss loss) {
        InvalidInputException.require(
                LABEL_SMOOTHING,
                loss == null || loss.isCrossentropy(),
                "labelSmoothing is for binary_crossentropy and categorical_crossentropy, but loss is %s"
                        .formatted(loss == null ? null : loss.name()));
        InvalidInputException.require(
                LABEL_SMOOTHING,
                task != Task.REGRESSION,
                "labelSmoothing is for a classification, but task is regression");
        InvalidInputException.require(
                LABEL_SMOOTHING,
                mayBeProbabilities(activation),
                "labelSmoothing is for sigmoid and softmax outputs, but outputActivation is %s"
                        .formatted(activation == null ? null : activation.name().toLowerCase(Locale.ROOT)));
    }

    private static boolean mayBeProbabilities(@Nullable Activation activation) {
        return activation == null || activation == Activation.SIGMOID || activation == Activation.SOFTMAX;
    }

    /** Whether the activation gives, or may become one that gives, probabilities. */
    boolean mayBeProbabilities() {
        return mayBeProbabilities(activation);
    }

    OutputSpec withLabelSmoothing(float smoothing) {
        return new OutputSpec(task, activation, loss, smoothing, article);
    }

    private static Loss crossentropy(boolean softmax, float labelSmoothing) {
        return softmax ? new Loss.CategoricalCrossentropy(labelSmoothing) : new Loss.BinaryCrossentropy(labelSmoothing);
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
        return new OutputSpec(given, activation, loss, labelSmoothing, article);
    }

    /** This output layer for targets that are names of classes, or numbers. */
    OutputSpec forTargets(boolean classes) {
        if (task != null || (isKnown() && !classes)) {
            return this;
        }
        return new OutputSpec(
                classes ? Task.CLASSIFICATION : Task.REGRESSION,
                fixedActivation(),
                fixedLoss(),
                labelSmoothing,
                article);
    }

    /** The task, if the targets can't change it; null if they decide. */
    public @Nullable Task expectedTask() {
        return task == null && isForNumbers() ? Task.REGRESSION : task;
    }

    /** Whether targets must be numbers, rather than classes. */
    boolean isForNumbers() {
        return task == Task.REGRESSION || (loss != null && !fitsClasses(loss));
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
        boolean softmax = chosen == Activation.SOFTMAX;
        return softmax || (chosen == Activation.SIGMOID && task == Task.CLASSIFICATION)
                ? crossentropy(softmax, labelSmoothing)
                : new Loss.MeanSquaredError();
    }
}
