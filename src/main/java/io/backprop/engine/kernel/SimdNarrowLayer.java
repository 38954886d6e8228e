package io.backprop.engine.kernel;

import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The narrow layer in vectors over its units on the way forward, and over its inputs on the way back. */
final class SimdNarrowLayer extends NarrowLayer {
    /*
     * What one layer leaves in memory the next one reads a moment later, which only is fast if the processor finds all
     * of it in one store: so there are only whole vectors, and single floats out of them. Hence most weights are kept
     * twice, in rows for the way back and in columns for the way forward. A layer of very few units has no columns: it
     * goes forward in the scalar loop; the first layer uses no rows, as nobody asks for a gradient below it.
     *
     * For C2's inlining limits see SimdKernels: but for the sigmoid, only the Vector API is called in these loops.
     */

    private static final VectorSpecies<Float> SPECIES = SimdKernels.SPECIES;
    private static final int L = SPECIES.length();
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);

    private static final int FEW = 2;

    private final SimdKernels kernels;
    private final boolean hasColumns;
    private final boolean hasRows;
    private final int width; // units, padded
    private final float[] columns; // inputs × units, each padded to the width

    SimdNarrowLayer(SimdKernels kernels, int inputs, int units, boolean first, FusedActivation activation) {
        super(inputs, units, L, activation);
        this.kernels = kernels;
        this.hasColumns = first || units > FEW;
        this.hasRows = !first;
        this.width = logits.length;
        this.columns = new float[hasColumns ? inputs * width : 0];
    }

    @Override
    float weight(int input, int unit) {
        return hasColumns ? columns[input * width + unit] : super.weight(input, unit);
    }

    @Override
    void setWeight(int input, int unit, float weight) {
        super.setWeight(input, unit, weight);
        if (hasColumns) {
            columns[input * width + unit] = weight;
        }
    }

    @Override
    public void forward(float[] x, int xOffset) {
        if (!hasColumns) {
            super.forward(x, xOffset);
            return;
        }
        for (int u = 0; u < width; u += L) {
            FloatVector sum = FloatVector.fromArray(SPECIES, biases, u);
            int column = u;
            for (int k = 0; k < inputs; k++) {
                FloatVector input = FloatVector.broadcast(SPECIES, x[xOffset + k]);
                sum = input.fma(FloatVector.fromArray(SPECIES, columns, column), sum);
                column += width;
            }
            sum.intoArray(logits, u);
            if (activation == FusedActivation.SIGMOID && units - u <= SimdKernels.HALF_LANES) {
                SimdKernels.lowerSigmoid(sum).intoArray(activations, u);
            } else if (activation == FusedActivation.SIGMOID) {
                kernels.sigmoid(logits, u, activations, u, L);
            } else if (activation == FusedActivation.RELU) {
                VectorMask<Float> positive = sum.compare(GT, ZERO);
                sum.fma(ZERO, ZERO).blend(sum, positive).intoArray(activations, u);
            }
        }
    }

    @Override
    public void backward(NarrowLayer below) {
        for (int k = 0; k < stride; k += L) {
            FloatVector sum = FloatVector.zero(SPECIES); // a constant object would make objects of all that follow it
            int row = k;
            for (int u = 0; u < units; u++) {
                FloatVector g = FloatVector.broadcast(SPECIES, gradient[u]);
                sum = g.fma(FloatVector.fromArray(SPECIES, rows, row), sum);
                row += stride;
            }
            if (below.activation == FusedActivation.SIGMOID) {
                FloatVector y = FloatVector.fromArray(SPECIES, below.activations, k);
                sum = sum.mul(y.mul(ONE.sub(y)));
            } else if (below.activation == FusedActivation.RELU) {
                FloatVector y = FloatVector.fromArray(SPECIES, below.activations, k);
                sum = sum.mul(ZERO).blend(sum, y.compare(GT, ZERO));
            }
            sum.intoArray(below.gradient, k);
        }
    }

    @Override
    public void change(float rate, float[] x, int xOffset) {
        if (hasRows) {
            changeRows(rate, x, xOffset);
        }
        if (hasColumns) {
            changeColumns(rate, x, xOffset);
        } else {
            changeBiases(rate);
        }
    }

    private void changeRows(float rate, float[] x, int xOffset) {
        FloatVector factor = FloatVector.broadcast(SPECIES, rate);
        for (int k = 0; k < stride; k += L) {
            FloatVector input = FloatVector.fromArray(SPECIES, x, xOffset + k);
            int row = k;
            for (int u = 0; u < units; u++) {
                FloatVector product =
                        FloatVector.broadcast(SPECIES, gradient[u]).fma(input, ZERO);
                product.fma(factor, FloatVector.fromArray(SPECIES, rows, row)).intoArray(rows, row);
                row += stride;
            }
        }
    }

    private void changeColumns(float rate, float[] x, int xOffset) {
        FloatVector factor = FloatVector.broadcast(SPECIES, rate);
        for (int u = 0; u < width; u += L) {
            FloatVector g = FloatVector.fromArray(SPECIES, gradient, u);
            int column = u;
            for (int k = 0; k < inputs; k++) {
                FloatVector product =
                        FloatVector.broadcast(SPECIES, x[xOffset + k]).fma(g, ZERO);
                product.fma(factor, FloatVector.fromArray(SPECIES, columns, column))
                        .intoArray(columns, column);
                column += width;
            }
            FloatVector bias = FloatVector.fromArray(SPECIES, biases, u);
            g.add(ZERO).fma(factor, bias).intoArray(biases, u);
        }
    }
}
