package io.backprop.model;

import io.backprop.engine.Examples;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.tabular.LabelEncoding;
import io.backprop.tabular.Targets;
import java.util.Objects;
import java.util.function.Function;

/** Turns inputs and targets into examples for the network of an architecture. */
public final class ExampleEncoder {

    private static final double SUM_TOLERANCE = 1e-3;

    private final Architecture architecture;
    private final String inputsField;
    private final String field;

    /**
     * @param architecture with all widths known
     * @param inputsField where the inputs come from, for messages
     * @param targetsField where the targets come from
     */
    public ExampleEncoder(Architecture architecture, String inputsField, String targetsField) {
        this.architecture = architecture;
        this.inputsField = inputsField;
        this.field = targetsField;
    }

    /** Examples whose targets have one column per output. */
    public Examples encode(Matrix inputs, Targets targets) {
        Architecture.requireWidth(inputsField, inputs.columns(), architecture.inputs(), "takes");
        if (inputs.rows() != targets.rows()) {
            throw new InvalidInputException(
                    field,
                    "%s must have as many rows as %s, but have %d and not %d"
                            .formatted(field, inputsField, targets.rows(), inputs.rows()));
        }
        return Examples.of(inputs, encodeTargets(targets));
    }

    /** One row of numbers per target, one number per output. */
    public Matrix encodeTargets(Targets targets) {
        return targets instanceof Targets.Labels column
                ? fitting(labels -> labels.encode(column.names(), Objects.requireNonNull(architecture.outputs())))
                : requireFit(targets);
    }

    private Matrix requireFit(Targets targets) {
        Matrix values = ((Targets.Numbers) targets).values();
        Architecture.requireWidth(field, values.columns(), architecture.outputs(), "has outputs for");
        architecture.loss().filter(Loss::isCrossentropy).ifPresent(loss -> {
            for (int row = 0; row < values.rows(); row++) {
                requireProbabilities(values, row, loss == Loss.CATEGORICAL_CROSSENTROPY);
            }
        });
        return values;
    }

    /** The class of each target, by its place among the labels. */
    public int[] classesOf(Targets.Labels column) {
        return fitting(labels -> labels.classesOf(column.names()));
    }

    private <T> T fitting(Function<LabelEncoding, T> encoding) {
        if (architecture.labels() == null) {
            throw new InvalidInputException(
                    field, "%s must be rows of numbers, since the model knows no labels".formatted(field));
        }
        try {
            return encoding.apply(architecture.labels());
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException(field, "%s do not fit: %s".formatted(field, e.getMessage()));
        }
    }

    private void requireProbabilities(Matrix values, int row, boolean sumToOne) {
        double sum = 0;
        for (int column = 0; column < values.columns(); column++) {
            float value = values.get(row, column);
            if (value < 0 || value > 1) {
                throw new InvalidInputException(
                        "/%s/%d".formatted(field, row),
                        "row %d of %s has %s, but numbers of a classification must be between 0 and 1; names of classes may be sent as text"
                                .formatted(row, field, value));
            }
            sum += value;
        }
        if (sumToOne && Math.abs(sum - 1) > SUM_TOLERANCE) {
            throw new InvalidInputException(
                    "/%s/%d".formatted(field, row),
                    "numbers of each row of %s must add up to 1, but those of row %d add up to %s"
                            .formatted(field, row, (float) sum));
        }
    }
}
