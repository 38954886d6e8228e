package io.backprop.engine.kernel;

import static java.lang.Math.fma;

/** Plain loops: the definition of every kernel, and its fast form where C2 vectorizes them by itself. */
class ScalarKernels implements Kernels {

    /*
     * The loops are written for C2's auto-vectorizer: one int counter from 0, array offsets that do not change, no
     * calls but intrinsics. Nothing is allocated. Functions of FloatMath are inlined, but stay scalar.
     */

    static final int LANES = 16;
    static final int SUM_BLOCK = 4096;

    /** Below this many columns an element of a product is finished before the next is begun. */
    private static final int NARROW = 8;

    private static final int TRANSPOSE_BLOCK = 16;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int vectorBits() {
        return Float.SIZE;
    }

    @Override
    public void multiplyAdd(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRowStride,
            int aColumnStride,
            float[] b,
            int bOffset,
            int bRowStride,
            float[] c,
            int cOffset,
            int cRowStride) {
        for (int i = 0; i < m; i++) {
            int aRow = aOffset + i * aRowStride;
            int cRow = cOffset + i * cRowStride;
            if (n < NARROW && k > 1) {
                addDotProducts(n, k, a, aRow, aColumnStride, b, bOffset, bRowStride, c, cRow);
            } else {
                addScaledRows(n, k, a, aRow, aColumnStride, b, bOffset, bRowStride, c, cRow);
            }
        }
    }

    private static void addDotProducts(
            int n,
            int k,
            float[] a,
            int aRow,
            int aStride,
            float[] b,
            int bOffset,
            int bRowStride,
            float[] c,
            int cRow) {
        for (int j = 0; j < n; j++) {
            float sum = c[cRow + j];
            int aIndex = aRow;
            int bIndex = bOffset + j;
            for (int p = 0; p < k; p++) {
                sum = fma(a[aIndex], b[bIndex], sum);
                aIndex += aStride;
                bIndex += bRowStride;
            }
            c[cRow + j] = sum;
        }
    }

    private static void addScaledRows(
            int n,
            int k,
            float[] a,
            int aRow,
            int aStride,
            float[] b,
            int bOffset,
            int bRowStride,
            float[] c,
            int cRow) {
        int p = 0;
        for (; p <= k - 4; p += 4) {
            int a0 = aRow + p * aStride;
            int b0 = bOffset + p * bRowStride;
            addFourScaledRows(
                    n,
                    a[a0],
                    a[a0 + aStride],
                    a[a0 + 2 * aStride],
                    a[a0 + 3 * aStride],
                    b,
                    b0,
                    b0 + bRowStride,
                    b0 + 2 * bRowStride,
                    b0 + 3 * bRowStride,
                    c,
                    cRow);
        }
        for (; p < k; p++) {
            float factor = a[aRow + p * aStride];
            int row = bOffset + p * bRowStride;
            for (int j = 0; j < n; j++) {
                c[cRow + j] = fma(factor, b[row + j], c[cRow + j]);
            }
        }
    }

    private static void addFourScaledRows(
            int n,
            float f0,
            float f1,
            float f2,
            float f3,
            float[] b,
            int b0,
            int b1,
            int b2,
            int b3,
            float[] c,
            int cRow) {
        for (int j = 0; j < n; j++) {
            float sum = fma(f1, b[b1 + j], fma(f0, b[b0 + j], c[cRow + j]));
            c[cRow + j] = fma(f3, b[b3 + j], fma(f2, b[b2 + j], sum));
        }
    }

    @Override
    public void transpose(int rows, int columns, float[] from, int fromOffset, float[] to, int toOffset) {
        for (int i0 = 0; i0 < rows; i0 += TRANSPOSE_BLOCK) {
            int iEnd = Math.min(i0 + TRANSPOSE_BLOCK, rows);
            for (int j = 0; j < columns; j++) {
                for (int i = i0; i < iEnd; i++) {
                    to[toOffset + j * rows + i] = from[fromOffset + i * columns + j];
                }
            }
        }
    }

    @Override
    public void addColumnSums(int rows, int columns, float[] values, int offset, float[] sums, int sumsOffset) {
        for (int i = 0; i < rows; i++) {
            int row = offset + i * columns;
            for (int j = 0; j < columns; j++) {
                sums[sumsOffset + j] += values[row + j];
            }
        }
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
    public void leakyRelu(float slope, float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            float value = x[xOffset + i];
            y[yOffset + i] = value > 0 ? value : fma(slope, value, 0);
        }
    }

    @Override
    public void elu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = FloatMath.elu(x[xOffset + i]);
        }
    }

    @Override
    public void gelu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = FloatMath.gelu(x[xOffset + i]);
        }
    }

    @Override
    public void softplus(float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = FloatMath.softplus(x[xOffset + i]);
        }
    }

    @Override
    public void softmax(int rows, int columns, float[] x, int xOffset, float[] y, int yOffset) {
        subtractRowMaxima(rows, columns, x, xOffset, y, yOffset);
        exp(y, yOffset, rows * columns);
        divideByRowSums(rows, columns, y, yOffset);
    }

    private static void subtractRowMaxima(int rows, int columns, float[] x, int xOffset, float[] y, int yOffset) {
        for (int row = 0; row < rows * columns; row += columns) {
            float maximum = Float.NEGATIVE_INFINITY;
            for (int j = 0; j < columns; j++) {
                float value = x[xOffset + row + j];
                maximum = value > maximum ? value : maximum;
            }
            for (int j = 0; j < columns; j++) {
                y[yOffset + row + j] = x[xOffset + row + j] - maximum;
            }
        }
    }

    /** {@code x = e^x}. */
    void exp(float[] x, int offset, int length) {
        for (int i = 0; i < length; i++) {
            x[offset + i] = FloatMath.exp(x[offset + i]);
        }
    }

    private static void divideByRowSums(int rows, int columns, float[] y, int yOffset) {
        for (int row = yOffset; row < yOffset + rows * columns; row += columns) {
            double sum = 0;
            for (int j = 0; j < columns; j++) {
                sum += y[row + j];
            }
            float divisor = (float) sum;
            for (int j = 0; j < columns; j++) {
                y[row + j] /= divisor;
            }
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
    public void eluGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        for (int i = 0; i < length; i++) {
            float value = y[yOffset + i];
            float g = gradient[gradientOffset + i];
            gradient[gradientOffset + i] = value > 0 ? g : g * (value + 1);
        }
    }

    @Override
    public void geluGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length) {
        for (int i = 0; i < length; i++) {
            gradient[gradientOffset + i] *= FloatMath.geluDerivative(x[xOffset + i]);
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

    /** At most SUM_BLOCK elements. */
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

    /** Lanes l, l + 8, l + 4, l + 12 added up as the tree has it. */
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

    @Override
    public void sgdStep(float learningRate, float[] gradient, float[] parameters, int length) {
        float rate = -learningRate;
        for (int i = 0; i < length; i++) {
            parameters[i] = fma(rate, gradient[i], parameters[i]);
        }
    }

    @Override
    public void momentumStep(
            float learningRate,
            float momentum,
            boolean nesterov,
            float[] gradient,
            float[] velocity,
            float[] parameters,
            int length) {
        float rate = -learningRate;
        if (nesterov) {
            for (int i = 0; i < length; i++) {
                float step = rate * gradient[i];
                float v = fma(momentum, velocity[i], step);
                velocity[i] = v;
                parameters[i] += fma(momentum, v, step);
            }
        } else {
            for (int i = 0; i < length; i++) {
                float v = fma(momentum, velocity[i], rate * gradient[i]);
                velocity[i] = v;
                parameters[i] += v;
            }
        }
    }

    @Override
    public void rmsPropStep(
            float learningRate,
            float rho,
            float epsilon,
            float[] gradient,
            float[] meanSquares,
            float[] parameters,
            int length) {
        float share = 1 - rho;
        for (int i = 0; i < length; i++) {
            float g = gradient[i];
            float s = fma(share, g * g - meanSquares[i], meanSquares[i]);
            meanSquares[i] = s;
            parameters[i] -= learningRate * g / (float) Math.sqrt(s + epsilon);
        }
    }

    @Override
    public void adamStep(
            float rate,
            float decay,
            float beta1,
            float beta2,
            float epsilon,
            float[] gradient,
            float[] means,
            float[] meanSquares,
            float[] parameters,
            int length) {
        float share1 = 1 - beta1;
        float share2 = 1 - beta2;
        for (int i = 0; i < length; i++) {
            float g = gradient[i];
            float m = fma(share1, g - means[i], means[i]);
            float s = fma(share2, g * g - meanSquares[i], meanSquares[i]);
            means[i] = m;
            meanSquares[i] = s;
            parameters[i] = fma(parameters[i], -decay, parameters[i]) - rate * m / ((float) Math.sqrt(s) + epsilon);
        }
    }
}
