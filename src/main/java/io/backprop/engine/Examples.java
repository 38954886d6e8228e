package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import org.jspecify.annotations.Nullable;

/** Inputs with the targets they should lead to, and optionally how much each example counts. */
public final class Examples {

    private final Matrix inputs; // examples × features
    private final Matrix targets; // examples × outputs
    private final float @Nullable [] weights; // examples

    private Examples(Matrix inputs, Matrix targets, float @Nullable [] weights) {
        this.inputs = inputs;
        this.targets = targets;
        this.weights = weights;
    }

    /** Examples that all count the same. */
    public static Examples of(Matrix inputs, Matrix targets) {
        requireArgument(
                inputs.rows() == targets.rows(),
                "inputs and targets must have the same number of rows, but have %d and %d",
                inputs.rows(),
                targets.rows());
        requireArgument(inputs.rows() >= 1, "inputs must have at least 1 row, but has none");
        return new Examples(inputs, targets, null);
    }

    /** These examples, each one's loss multiplied by its weight. */
    public Examples withWeights(Vector weights) {
        requireArgument(
                weights.size() == size(), "sampleWeights must have %d numbers, but has %d", size(), weights.size());
        for (int i = 0; i < weights.size(); i++) {
            requireArgument(
                    weights.get(i) >= 0 && Float.isFinite(weights.get(i)),
                    "number %d of sampleWeights must be finite and at least 0, but was %s",
                    i,
                    weights.get(i));
        }
        return new Examples(inputs, targets, weights.values());
    }

    /** Other inputs and targets, of as many examples, which count as much as these. */
    public Examples with(Matrix otherInputs, Matrix otherTargets) {
        Examples others = of(otherInputs, otherTargets);
        requireArgument(others.size() == size(), "examples must be %d, but are %d", size(), others.size());
        return new Examples(otherInputs, otherTargets, weights);
    }

    /** The examples of the given numbers, in the given order. */
    public Examples select(int[] rows) {
        Vector selected = weights == null ? null : Vector.wrap(weights).select(rows);
        return new Examples(inputs.select(rows), targets.select(rows), selected == null ? null : selected.values());
    }

    public int size() {
        return inputs.rows();
    }

    public Matrix inputs() {
        return inputs;
    }

    public Matrix targets() {
        return targets;
    }

    /** How much each example counts; null if all count the same. */
    public @Nullable Vector weights() {
        return weights == null ? null : Vector.wrap(weights);
    }

    float @Nullable [] weightValues() {
        return weights;
    }

    /** Refuses examples of other widths than the network's. */
    void requireFit(NetworkSpec spec) {
        requireArgument(
                inputs.columns() == spec.inputs(),
                "rows of inputs have %d numbers, but the model takes %d",
                inputs.columns(),
                spec.inputs());
        requireArgument(
                targets.columns() == spec.outputs(),
                "rows of targets have %d numbers, but the model has %d outputs",
                targets.columns(),
                spec.outputs());
    }
}
