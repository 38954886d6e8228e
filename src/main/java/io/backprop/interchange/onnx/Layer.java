package io.backprop.interchange.onnx;

import io.backprop.engine.Activation;
import org.jspecify.annotations.Nullable;

/** A dense layer of a graph, with affine functions around it that become a part of its parameters. */
final class Layer {

    private final Expression.Dense dense;
    private final @Nullable Affine before; // of its inputs
    private final @Nullable Affine after; // of its logits
    private final @Nullable Activation activation;

    private Layer(
            Expression.Dense dense, @Nullable Affine before, @Nullable Affine after, @Nullable Activation activation) {
        this.dense = dense;
        this.before = before;
        this.after = after;
        this.activation = activation;
    }

    /** @param before applied to its inputs; null for none */
    Layer(Expression.Dense dense, @Nullable Affine before) {
        this(dense, before, null, null);
    }

    /** This layer with a function between the logits and the activation. */
    Layer withAffine(Affine function) {
        return new Layer(dense, before, function, activation);
    }

    Layer withActivation(Activation function) {
        return new Layer(dense, before, after, function);
    }

    boolean hasActivation() {
        return activation != null;
    }

    /** The activation; {@link Activation#LINEAR} without one. */
    Activation activation() {
        return activation == null ? Activation.LINEAR : activation;
    }

    int inputs() {
        return dense.of().width();
    }

    int units() {
        return dense.width();
    }

    /** Whether the parameters are not those of the file. */
    boolean isFolded() {
        return before != null || after != null;
    }

    /** Whether the file has any of the parameters in double precision. */
    boolean isDouble() {
        Constant biases = dense.biases();
        return dense.weights().isDouble() || (biases != null && biases.isDouble());
    }

    int parameterCount() {
        return (inputs() + 1) * units();
    }

    /**
     * Copies the weights, inputs × units, and then the biases.
     *
     * @param to receives them from {@code offset} on. Modified.
     */
    void copyTo(float[] to, int offset) {
        Constant biases = dense.biases();
        int biasesOffset = offset + inputs() * units();
        dense.weights().copyTo(to, offset, dense.transposed());
        if (biases != null) {
            biases.copyTo(to, biasesOffset, false);
        }
        if (isFolded()) {
            fold(to, offset, biasesOffset);
        }
    }

    /** With {@code x = a·u + c} before and {@code y = d·z + e} after it, z = x·W + b becomes y = u·(a·W·d) + (c·W + b)·d + e. */
    private void fold(float[] parameters, int offset, int biasesOffset) {
        for (int unit = 0; unit < units(); unit++) {
            double bias = parameters[biasesOffset + unit];
            double scaleAfter = after == null ? 1 : after.scale(unit);
            for (int input = 0; input < inputs(); input++) {
                int i = offset + input * units() + unit;
                double weight = parameters[i];
                if (before != null) {
                    bias += before.shift(input) * weight;
                    weight *= before.scale(input);
                }
                parameters[i] = (float) (weight * scaleAfter);
            }
            parameters[biasesOffset + unit] = (float) (bias * scaleAfter + (after == null ? 0 : after.shift(unit)));
        }
    }
}
