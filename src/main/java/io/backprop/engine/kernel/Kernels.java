package io.backprop.engine.kernel;

import java.util.Optional;

/**
 * The loops over {@code float[]} that training and prediction spend their time in.
 *
 * <p>Every implementation gives the same bits: an element of a product is one chain of fused
 * multiply-adds, a sum has one written-down order, functions are {@link FloatMath}'s. Callers have
 * checked the arguments; implementations only {@code assert}. Arrays named as a result are modified,
 * all others are not; an elementwise result may be the same array and offset as its source.
 */
public interface Kernels {

    /**
     * The fastest kernels of this machine and JVM: SIMD where there are any, else scalar; or those that the system
     * property {@code backprop.kernel} asks for, {@code simd} or {@code scalar}.
     */
    static Kernels best() {
        return KernelProvider.BEST;
    }

    static Kernels scalar() {
        return KernelProvider.SCALAR;
    }

    /** The SIMD kernels, unless the JVM was started without {@code --add-modules jdk.incubator.vector}. */
    static Optional<Kernels> simd() {
        return KernelProvider.SIMD;
    }

    /** {@code "simd"} or {@code "scalar"}. */
    String name();

    /** Width of a vector register in use, in bits; 32 for the scalar loops. */
    int vectorBits();

    /**
     * {@code c[i][j] += Σ a[i][p]·b[p][j]} for a range of rows i and columns j, and p from 0 to {@code depth}. Each element
     * is one chain of {@code fma} in rising order of p, starting from its value in C.
     */
    void multiplyAdd(ProductOperands operands, int firstRow, int rows, int firstColumn, int columns, int depth);

    /** {@code sums[j] += values[i][j]} for i rising, values rows × columns. */
    void addColumnSums(int rows, int columns, float[] values, int offset, int rowStride, float[] sums, int sumsOffset);

    /**
     * A layer that takes one example at a time.
     *
     * @param first whether nobody wants a gradient below it
     */
    NarrowLayer narrowLayer(int inputs, int units, boolean first, NarrowLayer.FusedActivation activation);

    // Activations: y = f(x), elementwise. ---------------------------------------------------------

    void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length);

    void tanh(float[] x, int xOffset, float[] y, int yOffset, int length);

    /** {@code y = x > 0 ? x : fma(slope, x, 0)}; slope 0 is the plain rectifier. */
    void leakyRelu(float slope, float[] x, int xOffset, float[] y, int yOffset, int length);

    void elu(float[] x, int xOffset, float[] y, int yOffset, int length);

    void gelu(float[] x, int xOffset, float[] y, int yOffset, int length);

    void softplus(float[] x, int xOffset, float[] y, int yOffset, int length);

    /**
     * Softmax of each row: {@code y = e^(x − max) / Σ e^(x − max)}, the sum taken in double precision in rising order
     * and rounded to float. Packed rows × columns. Safe for logits of any finite size.
     */
    void softmax(int rows, int columns, float[] x, int xOffset, float[] y, int yOffset);

    // Derivatives: gradient *= f'(x), given either y = f(x) or x. -------------------------------------

    /** {@code gradient *= y·(1 − y)}. */
    void sigmoidGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient *= 1 − y²}. */
    void tanhGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient = y > 0 ? gradient : slope·gradient}. */
    void leakyReluGradient(float slope, float[] y, int yOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient = y > 0 ? gradient : gradient·(y + 1)}. */
    void eluGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient *= Φ(x) + x·φ(x)}, from the logits x. */
    void geluGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length);

    /** {@code gradient *= sigmoid(x)}, from the logits x. */
    void softplusGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length);

    // Gradients as a whole. ---------------------------------------------------------------------------

    /** {@code y *= x}. */
    void multiply(float[] x, int xOffset, float[] y, int yOffset, int length);

    /** {@code x *= factor}. */
    void scale(float factor, float[] x, int offset, int length);

    /** {@code gradient += l1·sign(w) + 2·l2·w}: {@code fma(2·l2, w, gradient)}, then {@code + l1·signum(w)}. */
    void addPenalty(
            float l1, float l2, float[] weights, int weightsOffset, float[] gradient, int gradientOffset, int length);

    /**
     * Sum of squares. Blocks of 4,096 elements, added up in double precision in rising order; within a block 16
     * lanes, lane i a chain of {@code fma} over elements i, i + 16, … up to the last whole 16, then lanes l and l + 8 are
     * added, l and l + 4, l and l + 2, l and l + 1, and the chain goes on from that sum over what remains.
     */
    double sumOfSquares(float[] x, int offset, int length);

    /** Whether no element is infinite or NaN. */
    boolean allFinite(float[] x, int offset, int length);
}
