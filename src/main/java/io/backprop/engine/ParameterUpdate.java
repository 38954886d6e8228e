package io.backprop.engine;

import io.backprop.engine.Execution.Phase;
import io.backprop.engine.GradientDescent.Step;
import io.backprop.engine.kernel.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Updates the parameters by the gradient of a step: applies the front scale, penalties, clipping and the optimizer. Threads
 * divide the inputs and the units of each layer.
 */
final class ParameterUpdate {
    /*
     * Ranges of the gradient are completed in any order, and updated immediately. Only clipping needs the whole gradient
     * first.
     */

    /** Units to whose multiples a layer is divided, because their biases are summed up at a time. */
    private static final int SUM_COLUMNS = 64;

    /** Number of units of work into which threads may divide an update: the inputs of the widest layer. */
    final int units;

    private final Execution execution;
    private final TrainingPlan plan;
    private final DenseLayer[] layers;
    private final float[] parameters;
    private final double[] squares; // of each block of the gradient; empty without clipping
    private final Updater updater;
    private final @Nullable FrontScale frontScale;
    private final LearningRateFactors.Layer[] factors; // of each layer
    private final Phase sumSquares = this::sumSquares;
    private final Phase updateClipped = this::updateClipped;
    private float[] gradient = new float[0]; // of the current step
    private float learningRate; // of the current step
    private float scale; // of the clipped gradient
    private double gradientNorm;

    /** @param parameters modified by each step */
    ParameterUpdate(Execution execution, DenseLayer[] layers, TrainingPlan plan, float[] parameters) {
        this.execution = execution;
        this.plan = plan;
        this.layers = layers;
        this.parameters = parameters;
        this.squares = new double[clips() ? (parameters.length + Kernels.SUM_BLOCK - 1) / Kernels.SUM_BLOCK : 0];
        this.updater = plan.optimizer().updaterFor(parameters.length);
        this.frontScale = plan.frontScale() == 0 ? null : new FrontScale(layers[0], plan, parameters);
        this.factors = new LearningRateFactors.Layer[layers.length];
        Arrays.setAll(factors, plan.learningRateFactors()::layer);
        this.units = Arrays.stream(layers).mapToInt(DenseLayer::inputs).max().orElseThrow();
    }

    static int firstInput(DenseLayer layer, int part, int parts) {
        return Execution.begin(layer.inputs(), Execution.TILE_ROWS, part, parts);
    }

    static int firstUnit(DenseLayer layer, int part, int parts) {
        return Execution.begin(layer.units(), SUM_COLUMNS, part, parts);
    }

    /** @param gradient of the step, which is complete where {@link #update} is called. Modified. */
    void begin(Step step, float[] gradient) {
        this.gradient = gradient;
        learningRate = step.learningRate;
        updater.begin(step.number + 1);
        if (frontScale != null) {
            frontScale.begin(step.number + 1);
        }
    }

    /** Updates a part of a layer's parameters, or prepares its gradient to be clipped. */
    void update(int layer, int part, int parts) {
        int input = firstInput(layers[layer], part, parts);
        int inputs = firstInput(layers[layer], part + 1, parts) - input;
        if (layer == 0 && frontScale != null) {
            frontScale.differentiate(gradient, input, inputs);
        }
        addPenalty(layer, input, inputs);
        if (!clips()) {
            updateWeights(layer, input, inputs);
            updateBiases(layer, part, parts);
        }
    }

    private void addPenalty(int layer, int input, int inputs) {
        Regularization regularization = plan.regularization();
        if (regularization.penalizes()) {
            DenseLayer dense = layers[layer];
            int offset = dense.weightsOffset() + input * dense.units();
            int length = inputs * dense.units();
            float l1 = regularization.l1();
            float l2 = regularization.l2();
            execution.kernels().addPenalty(l1, l2, weights(layer), offset, gradient, offset, length);
        }
    }

    /** The array that holds the weights of a layer that are updated, at their offset. */
    private float[] weights(int layer) {
        return layer == 0 && frontScale != null ? frontScale.weights() : parameters;
    }

    private void updateWeights(int layer, int input, int inputs) {
        DenseLayer dense = layers[layer];
        int offset = dense.weightsOffset() + input * dense.units();
        float rate = learningRate * factors[layer].weights();
        updater.updateWeights(rate, gradient, weights(layer), offset, inputs * dense.units());
        if (layer == 0 && frontScale != null) {
            frontScale.update(learningRate, parameters, input, inputs);
        }
    }

    private void updateBiases(int layer, int part, int parts) {
        DenseLayer dense = layers[layer];
        int unit = firstUnit(dense, part, parts);
        int count = firstUnit(dense, part + 1, parts) - unit;
        float rate = learningRate * factors[layer].biases();
        updater.updateBiases(rate, gradient, parameters, dense.biasesOffset() + unit, count);
    }

    private boolean clips() {
        return plan.regularization().clips();
    }

    /**
     * Ends a step, after all parts have been updated: clips the gradient, and updates the parameters that wait for that.
     *
     * @param work number of multiplications of the whole step
     */
    void end(long work) {
        if (clips()) {
            clip(work);
            execution.run(updateClipped, work, units);
        }
    }

    private void clip(long work) {
        execution.run(sumSquares, work, squares.length);
        double sum = 0;
        for (double square : squares) {
            sum += square;
        }
        if (frontScale != null) {
            sum += frontScale.sumOfSquares(execution.kernels());
        }
        gradientNorm = Math.sqrt(sum);
        float limit = plan.regularization().globalClipNorm();
        scale = gradientNorm > limit ? (float) (limit / gradientNorm) : 1;
    }

    private void sumSquares(Execution thread, int part, int parts) {
        int end = Execution.begin(squares.length, 1, part + 1, parts);
        for (int block = Execution.begin(squares.length, 1, part, parts); block < end; block++) {
            int first = block * Kernels.SUM_BLOCK;
            int length = Math.min(Kernels.SUM_BLOCK, gradient.length - first);
            squares[block] = thread.kernels().sumOfSquares(gradient, first, length);
        }
    }

    private void updateClipped(Execution thread, int part, int parts) {
        for (int layer = 0; layer < layers.length; layer++) {
            int input = firstInput(layers[layer], part, parts);
            int inputs = firstInput(layers[layer], part + 1, parts) - input;
            if (scale < 1) {
                scaleGradient(scale, layer, part, parts);
                if (layer == 0 && frontScale != null) {
                    frontScale.scaleGradient(execution.kernels(), scale, input, inputs);
                }
            }
            updateWeights(layer, input, inputs);
            updateBiases(layer, part, parts);
        }
    }

    /** Multiplies the gradient with respect to a part of a layer's parameters. */
    void scaleGradient(float factor, int layer, int part, int parts) {
        DenseLayer dense = layers[layer];
        int input = firstInput(dense, part, parts);
        int inputs = firstInput(dense, part + 1, parts) - input;
        int unit = firstUnit(dense, part, parts);
        int count = firstUnit(dense, part + 1, parts) - unit;
        Kernels kernels = execution.kernels();
        kernels.scale(factor, gradient, dense.weightsOffset() + input * dense.units(), inputs * dense.units());
        kernels.scale(factor, gradient, dense.biasesOffset() + unit, count);
    }

    /** Norm of the last step's gradient before it was clipped; 0 without clipping. */
    double gradientNorm() {
        return gradientNorm;
    }

    /** The state of the optimizer, and of a {@link FrontScale}. */
    StateArrays state() {
        return frontScale == null ? updater.state() : updater.state().and(frontScale.state());
    }
}
