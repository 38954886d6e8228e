package io.backprop.engine.kernel;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Vectorized over the units in the forward pass, and over the inputs in the backward pass. */
final class SimdNarrowLayer extends NarrowLayer {
    /*
     * A layer reads the output of the previous layer immediately after it was stored. This is fast only if store-to-load
     * forwarding succeeds, that is if each load is contained in a single store. Therefore all stores are whole vectors, and
     * loads are whole vectors or single floats. Most weights are stored twice, in rows for the backward pass and in columns
     * for the forward pass. A layer of very few units has no columns and uses the scalar loop in the forward pass; the
     * first layer does not use its rows, because no gradient below it is needed.
     *
     * See SimdKernels for the inlining limits of C2: except for the sigmoid, these loops only call the Vector API.
     */

    private static final VectorSpecies<Float> SPECIES = SimdKernels.SPECIES;
    private static final int L = SPECIES.length();
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);

    /** Up to this number of units the scalar forward pass is faster. */
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
                sum.blend(ZERO, sum.compare(LE, ZERO)).intoArray(activations, u);
            }
        }
    }

    @Override
    public void backward(NarrowLayer below) {
        for (int k = 0; k < stride; k += L) {
            FloatVector sum =
                    FloatVector.zero(SPECIES); // a constant would force C2 to allocate all vectors of this chain
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
    public void update(float rate, float[] x, int xOffset) {
        if (hasRows) {
            updateRows(rate, x, xOffset);
        }
        if (hasColumns) {
            updateColumns(rate, x, xOffset);
        } else {
            updateBiases(rate);
        }
    }

    private void updateRows(float rate, float[] x, int xOffset) {
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

    private void updateColumns(float rate, float[] x, int xOffset) {
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
