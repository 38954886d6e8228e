package io.backprop.engine.kernel;

import java.util.Optional;

/**
 * The loops over {@code float[]} in which training and prediction spend their time.
 *
 * <p>All implementations produce the same bits: an element of a product is one chain of fused multiply-adds, every sum has
 * one specified order, and functions are those of {@link FloatMath}. Arguments are not validated. The array on the left of
 * each formula is modified, all others are not. An elementwise result may be the same array and offset as its source.
 */
public interface Kernels {

    /**
     * Returns the fastest kernels available: SIMD if the JVM and the processor support it, otherwise scalar. The system
     * property {@code backprop.kernel} selects an implementation by its name, {@code simd} or {@code scalar}.
     */
    static Kernels best() {
        return KernelProvider.BEST;
    }

    static Kernels scalar() {
        return KernelProvider.SCALAR;
    }

    /** The SIMD kernels; empty without {@code --add-modules jdk.incubator.vector}, or if this JDK has another Vector API. */
    static Optional<Kernels> simd() {
        return KernelProvider.SIMD.kernels();
    }

    /** Why {@link #best} is slower than it could be, and what to do; empty if it is not. */
    static Optional<String> hint() {
        return KernelProvider.hint();
    }

    /** Elements of a block of {@link #sumOfSquares}. */
    int SUM_BLOCK = 4096;

    /** {@code "simd"} or {@code "scalar"}. */
    String name();

    /** Width of the vector registers in bits; 32 for the scalar kernels. */
    int vectorBits();

    /** Creates a multiplier of matrices, for one thread at a time. */
    MatrixMultiplier matrixMultiplier();

    /** {@code sums[j] += values[i][j]} in rising order of i; values are rows × columns. */
    void addColumnSums(int rows, int columns, float[] values, int offset, int rowStride, float[] sums, int sumsOffset);

    /**
     * Creates a layer that processes one example at a time.
     *
     * @param first whether this is the first layer, so no gradient with respect to its inputs is needed
     */
    NarrowLayer narrowLayer(int inputs, int units, boolean first, NarrowLayer.FusedActivation activation);

    // Activations: y = f(x), elementwise. ---------------------------------------------------------

    void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length);

    void tanh(float[] x, int xOffset, float[] y, int yOffset, int length);

    /** {@code y = x <= 0 ? 0 : x}. */
    void relu(float[] x, int xOffset, float[] y, int yOffset, int length);

    /** {@code y = x > 0 ? x : fma(slope, x, 0)}. */
    void leakyRelu(float slope, float[] x, int xOffset, float[] y, int yOffset, int length);

    /** {@code y = x < 0 ? alpha·(e^x − 1) : slope·x}. */
    void elu(float slope, float alpha, float[] x, int xOffset, float[] y, int yOffset, int length);

    void gelu(float[] x, int xOffset, float[] y, int yOffset, int length);

    /** {@code y = x·sigmoid(x)}. */
    void silu(float[] x, int xOffset, float[] y, int yOffset, int length);

    /** {@code y = x·tanh(softplus(x))}. */
    void mish(float[] x, int xOffset, float[] y, int yOffset, int length);

    void softplus(float[] x, int xOffset, float[] y, int yOffset, int length);

    void exp(float[] x, int xOffset, float[] y, int yOffset, int length);

    /**
     * {@code y = e^(x − max) / Σ e^(x − max)} for each row; the sum is computed in double precision in rising order and
     * rounded to float. Both arrays are rows × columns without gaps. Does not overflow; of logits that include +∞, those that
     * are +∞ share the probability equally.
     */
    void softmax(int rows, int columns, float[] x, int xOffset, float[] y, int yOffset);

    // Derivatives: gradient *= f'(x), given either y = f(x) or x. -------------------------------------

    /** {@code gradient *= y·(1 − y)}. */
    void sigmoidGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient *= 1 − y²}. */
    void tanhGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient = y > 0 ? gradient : slope·gradient}; ReLU for slope 0. */
    void leakyReluGradient(float slope, float[] y, int yOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient *= y > 0 ? slope : y + alpha}. */
    void eluGradient(
            float slope, float alpha, float[] y, int yOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient *= Φ(x) + x·φ(x)}, from the logits x. */
    void geluGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient *= sigmoid(x)·(1 + x·(1 − sigmoid(x)))}, from the logits x. */
    void siluGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient *= t + x·(1 − t²)·sigmoid(x)} with {@code t = tanh(softplus(x))}, from the logits x. */
    void mishGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient *= sigmoid(x)}, from the logits x. */
    void softplusGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length);

    // Loops over a whole gradient. ---------------------------------------------------------------------------

    /** {@code y *= x}. */
    void multiply(float[] x, int xOffset, float[] y, int yOffset, int length);

    /** {@code x *= factor}. */
    void scale(float factor, float[] x, int offset, int length);

    /** {@code gradient += l1·sign(w) + 2·l2·w}: {@code fma(2·l2, w, gradient)}, then {@code + l1·signum(w)}. */
    void addPenalty(
            float l1, float l2, float[] weights, int weightsOffset, float[] gradient, int gradientOffset, int length);

    /**
     * {@code Σ x²}. The sums of blocks of 4,096 elements are added in double precision in rising order. A block has 16
     * lanes: lane l is a chain of {@code fma} over elements l, l + 16, … up to the last complete group of 16. Then lanes l
     * and l + 8 are added, l and l + 4, l and l + 2, l and l + 1, and the chain continues from that sum over the remaining
     * elements.
     */
    double sumOfSquares(float[] x, int offset, int length);

    /** Whether no element is infinite or NaN. */
    boolean allFinite(float[] x, int offset, int length);
}
