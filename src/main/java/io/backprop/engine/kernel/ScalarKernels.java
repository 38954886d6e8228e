package io.backprop.engine.kernel;

import static io.backprop.engine.kernel.Fma.fma;

/** Plain loops, which define the result of every kernel. Some of them are auto-vectorized by C2. */
class ScalarKernels implements Kernels {

    /*
     * The loops are written for C2's auto-vectorizer: one int counter from 0, loop-invariant array offsets, and no calls
     * except intrinsics. Nothing is allocated. Functions of FloatMath are inlined, but not vectorized.
     */

    static final int LANES = 16;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int vectorBits() {
        return Float.SIZE;
    }

    @Override
    public MatrixMultiplier matrixMultiplier() {
        return ScalarProduct::multiply;
    }

    @Override
    public void addColumnSums(
            int rows, int columns, float[] values, int offset, int rowStride, float[] sums, int sumsOffset) {
        for (int i = 0; i < rows; i++) {
            int row = offset + i * rowStride;
            for (int j = 0; j < columns; j++) {
                sums[sumsOffset + j] += values[row + j];
            }
        }
    }

    @Override
    public NarrowLayer narrowLayer(int inputs, int units, boolean first, NarrowLayer.FusedActivation activation) {
        return new NarrowLayer(inputs, units, 1, activation);
    }

    @Override
    public void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = FloatMath.sigmoid(x[xOffset + i]);
        }
    }

    @Override
    public void tanh(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = FloatMath.tanh(x[xOffset + i]);
        }
    }

    @Override
    public void relu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            float value = x[xOffset + i];
            y[yOffset + i] = value <= 0 ? 0 : value;
        }
    }

    @Override
    public void leakyRelu(float slope, float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            float value = x[xOffset + i];
            y[yOffset + i] = value > 0 ? value : fma(slope, value, 0);
        }
    }

    @Override
    public void elu(float slope, float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            float value = FloatMath.elu(x[xOffset + i]);
            y[yOffset + i] = value * (value < 0 ? alpha : slope);
        }
    }

    @Override
    public void gelu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = Gelu.of(x[xOffset + i]);
        }
    }

    @Override
    public void silu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = Silu.of(x[xOffset + i]);
        }
    }

    @Override
    public void mish(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = Mish.of(x[xOffset + i]);
        }
    }

    @Override
    public void softplus(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = FloatMath.softplus(x[xOffset + i]);
        }
    }

    @Override
    public void exp(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = FloatMath.exp(x[xOffset + i]);
        }
    }

    @Override
    public void softmax(int rows, int columns, float[] x, int xOffset, float[] y, int yOffset) {
        for (int row = 0; row < rows * columns; row += columns) {
            subtractMaximum(columns, x, xOffset + row, y, yOffset + row);
        }
        exp(y, yOffset, y, yOffset, rows * columns);
        for (int row = 0; row < rows * columns; row += columns) {
            divideBySum(columns, y, yOffset + row);
        }
    }

    private static void subtractMaximum(int columns, float[] x, int xOffset, float[] y, int yOffset) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < columns; j++) {
            float value = x[xOffset + j];
            maximum = value > maximum ? value : maximum;
        }
        if (maximum == Float.POSITIVE_INFINITY) {
            for (int j = 0; j < columns; j++) {
                y[yOffset + j] = x[xOffset + j] == maximum ? 0 : x[xOffset + j] - maximum; // keeps NaN
            }
            return;
        }
        for (int j = 0; j < columns; j++) {
            y[yOffset + j] = x[xOffset + j] - maximum;
        }
    }

    private static void divideBySum(int columns, float[] y, int offset) {
        double sum = 0;
        for (int j = 0; j < columns; j++) {
            sum += y[offset + j];
        }
        float divisor = (float) sum;
        for (int j = 0; j < columns; j++) {
            y[offset + j] /= divisor;
        }
    }

    @Override
    public void sigmoidGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        for (int i = 0; i < length; i++) {
            float value = y[yOffset + i];
            gradient[gradientOffset + i] *= value * (1 - value);
        }
    }

    @Override
    public void tanhGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        for (int i = 0; i < length; i++) {
            float value = y[yOffset + i];
            gradient[gradientOffset + i] *= 1 - value * value;
        }
    }

    @Override
    public void leakyReluGradient(
            float slope, float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        for (int i = 0; i < length; i++) {
            float g = gradient[gradientOffset + i];
            gradient[gradientOffset + i] = y[yOffset + i] > 0 ? g : slope * g;
        }
    }

    @Override
    public void eluGradient(
            float slope, float alpha, float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        for (int i = 0; i < length; i++) {
            float value = y[yOffset + i];
            gradient[gradientOffset + i] *= value > 0 ? slope : value + alpha;
        }
    }

    @Override
    public void geluGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length) {
        for (int i = 0; i < length; i++) {
            gradient[gradientOffset + i] *= Gelu.derivative(x[xOffset + i]);
        }
    }

    @Override
    public void siluGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length) {
        for (int i = 0; i < length; i++) {
            gradient[gradientOffset + i] *= Silu.derivative(x[xOffset + i]);
        }
    }

    @Override
    public void mishGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length) {
        for (int i = 0; i < length; i++) {
            gradient[gradientOffset + i] *= Mish.derivative(x[xOffset + i]);
        }
    }

    @Override
    public void softplusGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length) {
        for (int i = 0; i < length; i++) {
            gradient[gradientOffset + i] *= FloatMath.sigmoid(x[xOffset + i]);
        }
    }

    @Override
    public void multiply(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] *= x[xOffset + i];
        }
    }

    @Override
    public void scale(float factor, float[] x, int offset, int length) {
        for (int i = 0; i < length; i++) {
            x[offset + i] *= factor;
        }
    }

    @Override
    public void addPenalty(
            float l1, float l2, float[] weights, int weightsOffset, float[] gradient, int gradientOffset, int length) {
        float twice = 2 * l2;
        for (int i = 0; i < length; i++) {
            float weight = weights[weightsOffset + i];
            float sign = weight > 0 ? l1 : weight < 0 ? -l1 : 0;
            gradient[gradientOffset + i] = fma(twice, weight, gradient[gradientOffset + i]) + sign;
        }
    }

    @Override
    public double sumOfSquares(float[] x, int offset, int length) {
        double sum = 0;
        for (int begin = 0; begin < length; begin += SUM_BLOCK) {
            sum += blockSumOfSquares(x, offset + begin, Math.min(SUM_BLOCK, length - begin));
        }
        return sum;
    }

    /** The sum of squares of at most SUM_BLOCK elements. */
    float blockSumOfSquares(float[] x, int offset, int length) {
        int tail = length - length % LANES;
        float sum = pair(x, offset, tail, 0)
                + pair(x, offset, tail, 2)
                + (pair(x, offset, tail, 1) + pair(x, offset, tail, 3));
        return addSquares(x, offset + tail, length - tail, sum);
    }

    /** Continues a chain of {@code fma} from {@code sum}. */
    static float addSquares(float[] x, int offset, int length, float sum) {
        for (int i = 0; i < length; i++) {
            sum = fma(x[offset + i], x[offset + i], sum);
        }
        return sum;
    }

    /** Adds lanes l, l + 8, l + 4 and l + 12 in the specified order. */
    private static float pair(float[] x, int offset, int end, int lane) {
        float l0 = 0;
        float l4 = 0;
        float l8 = 0;
        float l12 = 0;
        for (int i = offset + lane; i < offset + end; i += LANES) {
            l0 = fma(x[i], x[i], l0);
            l4 = fma(x[i + 4], x[i + 4], l4);
            l8 = fma(x[i + 8], x[i + 8], l8);
            l12 = fma(x[i + 12], x[i + 12], l12);
        }
        return l0 + l8 + (l4 + l12);
    }

    @Override
    public boolean allFinite(float[] x, int offset, int length) {
        for (int i = 0; i < length; i++) {
            if (!Float.isFinite(x[offset + i])) {
                return false;
            }
        }
        return true;
    }
}
