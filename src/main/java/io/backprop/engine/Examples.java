package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Inputs with their targets and optional weights. Immutable. */
public final class Examples {

    private final Matrix inputs; // examples × features
    private final Matrix targets; // examples × outputs
    private final @Nullable Vector weights; // examples

    private Examples(Matrix inputs, Matrix targets, @Nullable Vector weights) {
        this.inputs = inputs;
        this.targets = targets;
        this.weights = weights;
    }

    /** Creates examples of equal weight, at least one. */
    public static Examples of(Matrix inputs, Matrix targets) {
        requireArgument(
                inputs.rows() == targets.rows(),
                "inputs and targets must have the same number of rows, but have %d and %d",
                inputs.rows(),
                targets.rows());
        requireArgument(inputs.rows() >= 1, "inputs must have at least 1 row, but has none");
        return new Examples(inputs, targets, null);
    }

    /**
     * Creates examples of as many classes as the largest label requires, at least 2; its targets are examples × classes, 1 in
     * the column of the label and 0 in the others, for a softmax output.
     *
     * @param labels the class of each example, from 0. Not modified.
     */
    public static Examples ofClasses(Matrix inputs, int[] labels) {
        int largest = Math.min(Arrays.stream(labels).max().orElse(0), Integer.MAX_VALUE - 1);
        return ofClasses(inputs, labels, Math.max(2, largest + 1));
    }

    /**
     * Creates examples of classes for a network with the given number of outputs. The targets are examples × outputs: for
     * a single (sigmoid) output the label, 0 or 1; otherwise 1 in the column of the label and 0 in the others.
     *
     * @param labels the class of each example, from 0. Not modified.
     * @param outputs 1 for two classes with a single output, otherwise the number of classes
     */
    public static Examples ofClasses(Matrix inputs, int[] labels, int outputs) {
        requireAtLeast(1, outputs, "outputs");
        int classes = Math.max(2, outputs);
        for (int i = 0; i < labels.length; i++) {
            requireArgument(
                    labels[i] >= 0 && labels[i] < classes,
                    "labels must be at least 0 and less than %d, but labels[%d] is %d",
                    classes,
                    i,
                    labels[i]);
        }
        float[] targets = new float[Matrix.elementCount(labels.length, outputs)];
        for (int i = 0; i < labels.length; i++) {
            if (outputs == 1) {
                targets[i] = labels[i];
            } else {
                targets[i * outputs + labels[i]] = 1;
            }
        }
        return of(inputs, Matrix.wrap(labels.length, outputs, targets));
    }

    /**
     * Returns these examples with weights, by which their losses are multiplied.
     *
     * @param weights one per example, finite and at least 0
     */
    public Examples withWeights(Vector weights) {
        requireArgument(weights.size() == size(), "weights must have %d values, but has %d", size(), weights.size());
        for (int i = 0; i < weights.size(); i++) {
            requireArgument(
                    weights.get(i) >= 0 && Float.isFinite(weights.get(i)),
                    "weights[%d] must be finite and at least 0, but was %s",
                    i,
                    weights.get(i));
        }
        return new Examples(inputs, targets, weights);
    }

    /** Returns examples with other inputs and targets, but the same weights. */
    public Examples with(Matrix otherInputs, Matrix otherTargets) {
        Examples others = of(otherInputs, otherTargets);
        requireArgument(others.size() == size(), "inputs must have %d rows, but has %d", size(), others.size());
        return new Examples(otherInputs, otherTargets, weights);
    }

    /** Selects examples by index, at least one, in the given order. */
    public Examples select(int[] rows) {
        requireArgument(rows.length >= 1, "rows must select at least 1 example, but select none");
        return new Examples(inputs.select(rows), targets.select(rows), weights == null ? null : weights.select(rows));
    }

    /** The number of examples. */
    public int size() {
        return inputs.rows();
    }

    /** Inputs, examples × features. */
    public Matrix inputs() {
        return inputs;
    }

    /** Targets, examples × outputs. */
    public Matrix targets() {
        return targets;
    }

    /** The weight of each example; null if all weights are 1. */
    public @Nullable Vector weights() {
        return weights;
    }

    /** The weight of an example. */
    float weight(int row) {
        return weights == null ? 1 : weights.get(row);
    }

    /** Throws unless inputs and targets have the widths of the network, and its loss is defined for the targets. */
    void requireFit(NetworkSpec spec) {
        requireWidths(spec);
        spec.loss().requireTargets(targets);
    }

    /** Throws unless inputs and targets have the widths of the network. */
    void requireWidths(NetworkSpec spec) {
        spec.requireInputs(inputs);
        requireArgument(
                targets.columns() == spec.outputs(),
                "targets must have %d columns, but has %d",
                spec.outputs(),
                targets.columns());
    }
}
