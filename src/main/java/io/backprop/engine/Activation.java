package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;

/** The activation function of a layer. */
public enum Activation {
    /** {@code f(x) = x}. */
    LINEAR,
    /** {@code f(x) = 1 / (1 + e⁻ˣ)}. */
    SIGMOID,
    /** {@code f(x) = tanh x}. */
    TANH,
    /** {@code f(x) = max(x, 0)}. Nair and Hinton 2010. */
    RELU,
    /** {@code f(x) = x > 0 ? x : 0.01·x}. Maas et al. 2013. */
    LEAKY_RELU,
    /** {@code f(x) = x > 0 ? x : eˣ − 1}. Clevert et al. 2015. */
    ELU,
    /**
     * {@code f(x) = λ·(x > 0 ? x : α·(eˣ − 1))} with λ = 1.0507 and α = 1.6733, which keeps mean 0 and variance 1 from layer
     * to layer. Klambauer et al. 2017.
     */
    SELU,
    /** {@code f(x) = x·Φ(x)}, Φ the standard normal distribution. Hendrycks and Gimpel 2016. */
    GELU,
    /** {@code f(x) = x / (1 + e⁻ˣ)}, also called swish. Elfwing et al. 2017, Ramachandran et al. 2017. */
    SILU,
    /** {@code f(x) = x·tanh(log(1 + eˣ))}. Misra 2019. */
    MISH,
    /** {@code f(x) = log(1 + eˣ)}. */
    SOFTPLUS,
    /** {@code f(x) = eˣ}; only for the output layer. */
    EXPONENTIAL,
    /** {@code f(x)ᵢ = eˣⁱ / Σ eˣʲ} over the units of a layer; only for the output layer. */
    SOFTMAX;

    /** The slope of leaky ReLU for negative logits. */
    public static final float LEAK = 0.01f;

    /** λ of SELU, its slope for positive logits. */
    public static final float SELU_SLOPE = 1.050701f;

    /** λ·α of SELU, the negative of its limit at −∞. */
    public static final float SELU_ALPHA = 1.7580993f;

    /** Whether this activation is not for hidden layers. */
    public boolean isOutputOnly() {
        return this == EXPONENTIAL || this == SOFTMAX;
    }

    /** Whether the derivative is computed from the logits rather than from the activations. */
    boolean needsLogits() {
        return this == GELU || this == SILU || this == MISH || this == SOFTPLUS;
    }

    /** Selects the argument for {@link #multiplyByDerivative}. */
    float[] derivativeSource(float[] logits, float[] activations) {
        return needsLogits() ? logits : activations;
    }

    /** Whether negative logits are mapped to (nearly) 0, which initial weights compensate for. */
    boolean isRectifier() {
        return switch (this) {
            case RELU, LEAKY_RELU, ELU, GELU, SILU, MISH, SOFTPLUS -> true;
            case LINEAR, SIGMOID, TANH, SELU, EXPONENTIAL, SOFTMAX -> false;
        };
    }

    /**
     * Applies this activation to rows of logits.
     *
     * @param x logits, rows × units from {@code offset}. Not modified.
     * @param y activations, rows × units from {@code offset}; may be the same array. Modified.
     */
    void apply(Kernels kernels, float[] x, float[] y, int offset, int rows, int units) {
        int length = rows * units;
        switch (this) {
            case LINEAR -> {
                if (x != y) {
                    System.arraycopy(x, offset, y, offset, length);
                }
            }
            case SIGMOID -> kernels.sigmoid(x, offset, y, offset, length);
            case TANH -> kernels.tanh(x, offset, y, offset, length);
            case RELU -> kernels.relu(x, offset, y, offset, length);
            case LEAKY_RELU -> kernels.leakyRelu(LEAK, x, offset, y, offset, length);
            case ELU -> kernels.elu(1, 1, x, offset, y, offset, length);
            case SELU -> kernels.elu(SELU_SLOPE, SELU_ALPHA, x, offset, y, offset, length);
            case GELU -> kernels.gelu(x, offset, y, offset, length);
            case SILU -> kernels.silu(x, offset, y, offset, length);
            case MISH -> kernels.mish(x, offset, y, offset, length);
            case SOFTPLUS -> kernels.softplus(x, offset, y, offset, length);
            case EXPONENTIAL -> kernels.exp(x, offset, y, offset, length);
            case SOFTMAX -> kernels.softmax(rows, units, x, offset, y, offset);
        }
    }

    /**
     * Multiplies a gradient with respect to the activations by f′(x), which gives the gradient with respect to the logits.
     *
     * @param values the {@link #derivativeSource}, from {@code offset}. Not modified.
     * @param gradient from {@code offset}. Modified.
     */
    void multiplyByDerivative(Kernels kernels, float[] values, float[] gradient, int offset, int length) {
        switch (this) {
            case LINEAR -> {}
            case SIGMOID -> kernels.sigmoidGradient(values, offset, gradient, offset, length);
            case TANH -> kernels.tanhGradient(values, offset, gradient, offset, length);
            case RELU -> kernels.leakyReluGradient(0, values, offset, gradient, offset, length);
            case LEAKY_RELU -> kernels.leakyReluGradient(LEAK, values, offset, gradient, offset, length);
            case ELU -> kernels.eluGradient(1, 1, values, offset, gradient, offset, length);
            case SELU -> kernels.eluGradient(SELU_SLOPE, SELU_ALPHA, values, offset, gradient, offset, length);
            case GELU -> kernels.geluGradient(values, offset, gradient, offset, length);
            case SILU -> kernels.siluGradient(values, offset, gradient, offset, length);
            case MISH -> kernels.mishGradient(values, offset, gradient, offset, length);
            case SOFTPLUS -> kernels.softplusGradient(values, offset, gradient, offset, length);
            case EXPONENTIAL -> kernels.multiply(values, offset, gradient, offset, length);
            case SOFTMAX -> throw new AssertionError("its loss gives the gradient with respect to the logits");
        }
    }
}
