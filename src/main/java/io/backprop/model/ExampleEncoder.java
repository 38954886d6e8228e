package io.backprop.model;

import io.backprop.engine.Examples;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.Targets;
import java.util.Objects;
import java.util.function.Function;

/** Encodes inputs and targets as examples for the network of an architecture. */
public final class ExampleEncoder {

    private final Architecture architecture;
    private final String inputsField;
    private final String targetsField;

    /**
     * @param architecture with all widths known
     * @param inputsField the argument that contains the inputs, for messages
     * @param targetsField the argument that contains the targets
     */
    public ExampleEncoder(Architecture architecture, String inputsField, String targetsField) {
        this.architecture = architecture;
        this.inputsField = inputsField;
        this.targetsField = targetsField;
    }

    /** Combines inputs with encoded targets, examples × outputs. */
    public Examples encode(Matrix inputs, Targets targets) {
        Architecture.requireWidth(inputsField, inputs.columns(), architecture.inputs(), "takes");
        if (inputs.rows() != targets.rows()) {
            throw new InvalidInputException(
                    targetsField,
                    "%s must have as many rows as %s, but have %d and not %d"
                            .formatted(targetsField, inputsField, targets.rows(), inputs.rows()));
        }
        return Examples.of(inputs, encodeTargets(targets));
    }

    /** Encodes targets as numbers, examples × outputs. */
    public Matrix encodeTargets(Targets targets) {
        return architecture.decodeClasses(targets) instanceof Targets.Labels column
                ? encodeLabels(
                        classes -> classes.encode(column.names(), Objects.requireNonNull(architecture.outputs())))
                : requireFit(targets);
    }

    private Matrix requireFit(Targets targets) {
        Matrix values = ((Targets.Numbers) targets).values();
        Architecture.requireWidth(targetsField, values.columns(), architecture.outputs(), "has outputs for");
        Loss loss = architecture.loss().orElse(null);
        for (int row = 0; row < values.rows(); row++) {
            if (loss instanceof Loss.Poisson) {
                requireNotNegative(values, row);
            } else if (loss != null && loss.isCrossentropy()) {
                requireProbabilities(values, row, loss instanceof Loss.CategoricalCrossentropy);
            }
        }
        return values;
    }

    /** The index of each target among the classes. */
    public int[] classesOf(Targets.Labels column) {
        return encodeLabels(classes -> classes.classesOf(column.names()));
    }

    private <T> T encodeLabels(Function<ClassEncoding, T> encoding) {
        if (architecture.isMultiLabel()) {
            throw new InvalidInputException(
                    targetsField,
                    "%s must be rows of numbers, one for each class, because a row may have several classes"
                            .formatted(targetsField));
        }
        if (architecture.outputLayer().task() != Task.CLASSIFICATION) {
            throw new InvalidInputException(
                    targetsField, "%s must be numbers, since the model has no classes".formatted(targetsField));
        }
        try {
            return encoding.apply(architecture.classEncoding(Objects.requireNonNull(architecture.outputs())));
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException(targetsField, "%s do not fit: %s".formatted(targetsField, e.getMessage()));
        }
    }

    private void requireNotNegative(Matrix values, int row) {
        for (int column = 0; column < values.columns(); column++) {
            if (values.get(row, column) < 0) {
                throw new InvalidInputException(
                        "/%s/%d".formatted(targetsField, row),
                        "row %d of %s has %s, but with poisson numbers must be at least 0"
                                .formatted(row, targetsField, values.get(row, column)));
            }
        }
    }

    private void requireProbabilities(Matrix values, int row, boolean sumToOne) {
        double sum = 0;
        for (int column = 0; column < values.columns(); column++) {
            float value = values.get(row, column);
            if (value < 0 || value > 1) {
                throw new InvalidInputException(
                        "/%s/%d".formatted(targetsField, row),
                        "row %d of %s has %s, but numbers of a classification must be between 0 and 1; classes may be sent as a list of names or of integer codes up to 16777216"
                                .formatted(row, targetsField, value));
            }
            sum += value;
        }
        if (sumToOne && Math.abs(sum - 1) > Loss.SUM_TOLERANCE) {
            throw new InvalidInputException(
                    "/%s/%d".formatted(targetsField, row),
                    "numbers of each row of %s must add up to 1, but those of row %d add up to %s"
                            .formatted(targetsField, row, (float) sum));
        }
    }
}
