package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import io.backprop.engine.kernel.NarrowLayer;

/** Plain stochastic gradient descent for small networks, one example at a time. */
final class PerExampleSgd implements GradientDescent {
    /*
     * A network of a few dozen parameters is bound by latency: each step depends on the parameters that the previous step
     * has updated. The layers therefore keep their parameters in the layout that is fastest for them, and a layer is
     * updated while the gradient of the layer below is being computed. The loss, on which no parameter depends, is computed
     * last, so that the processor overlaps it with the next step. Every number results from the same operations in the
     * same order as in MiniBatchDescent. Test: PerExampleSgdTests; benchmark: TrainingThroughput, workloads seed and tiny.
     */

    private static final int MAX_WIDTH = 32;

    private final Kernels kernels;
    private final LossFunction loss;
    private final boolean usesLogits;
    private final DenseLayer[] layers;
    private final BatchSampler sampler;
    private final float[] parameters;
    private final NarrowLayer[] narrow; // hold the parameters until they are written back
    private final OutputRow outputRow;
    private double lossSum;

    PerExampleSgd(Execution execution, NetworkSpec spec, TrainingPlan plan, Examples examples, float[] parameters) {
        this.kernels = execution.kernels();
        this.loss = LossFunction.of(spec);
        this.usesLogits = spec.loss().usesLogits();
        this.layers = DenseLayer.of(spec);
        this.sampler = new BatchSampler(examples, plan.shuffle(), 1, plan.seed());
        this.parameters = parameters;
        this.narrow = new NarrowLayer[layers.length];
        for (int layer = 0; layer < layers.length; layer++) {
            DenseLayer dense = layers[layer];
            narrow[layer] = kernels.narrowLayer(dense.inputs(), dense.units(), layer == 0, fused(dense.activation()));
            narrow[layer].load(parameters, dense.weightsOffset());
        }
        NarrowLayer output = narrow[layers.length - 1];
        this.outputRow = new OutputRow(output.logits, output.activations, spec.outputs());
    }

    private static NarrowLayer.FusedActivation fused(Activation activation) {
        return switch (activation) {
            case SIGMOID -> NarrowLayer.FusedActivation.SIGMOID;
            case RELU -> NarrowLayer.FusedActivation.RELU;
            default -> NarrowLayer.FusedActivation.NONE;
        };
    }

    /** Whether the plan is plain SGD on single examples, and the network small enough to be faster this way. */
    static boolean supports(NetworkSpec spec, TrainingPlan plan) {
        Regularization regularization = plan.regularization();
        boolean plain = plan.optimizer() instanceof Optimizer.Sgd sgd && sgd.momentum() == 0;
        return plan.batchSize() == 1
                && plain
                && plan.learningRateFactors().areOne()
                && plan.frontScale() == 0
                && !regularization.penalizes()
                && !regularization.clips()
                && spec.inputs() <= MAX_WIDTH
                && spec.layers().stream().allMatch(layer -> layer.dropout() == 0 && layer.units() <= MAX_WIDTH);
    }

    @Override
    public void beginEpoch(int epoch) {
        sampler.begin(epoch);
    }

    @Override
    public boolean take(Step step, StopSignal stopSignal) {
        Batch example = sampler.rows(step.firstRow, 1);
        forward(example);
        outputGradient(example);
        float rate = -step.learningRate;
        for (int layer = layers.length - 1; layer > 0; layer--) {
            NarrowLayer below = narrow[layer - 1];
            narrow[layer].backward(below);
            if (!hasFusedActivation(layer - 1)) {
                multiplyByDerivative(layer - 1);
            }
            narrow[layer].update(rate, below.activations, 0);
        }
        narrow[0].update(rate, example.inputs, example.inputsOffset);
        lossSum = example.weight(0) * loss.of(outputRow);
        return true;
    }

    @Override
    public void writeBack() {
        for (int layer = 0; layer < layers.length; layer++) {
            narrow[layer].store(parameters, layers[layer].weightsOffset());
        }
    }

    private void forward(Batch example) {
        float[] x = example.inputs;
        int xOffset = example.inputsOffset;
        for (int layer = 0; layer < layers.length; layer++) {
            NarrowLayer current = narrow[layer];
            current.forward(x, xOffset);
            if (!hasFusedActivation(layer)) {
                DenseLayer dense = layers[layer];
                dense.activation().apply(kernels, current.logits, current.activations, 0, 1, dense.units());
            }
            x = current.activations;
            xOffset = 0;
        }
    }

    private boolean hasFusedActivation(int layer) {
        return narrow[layer].activation() != NarrowLayer.FusedActivation.NONE;
    }

    private void outputGradient(Batch example) {
        int last = layers.length - 1;
        outputRow.at(0, example.targets, example.targetsOffset);
        loss.gradient(outputRow, example.weight(0), narrow[last].gradient, 0);
        if (!usesLogits) {
            multiplyByDerivative(last);
        }
    }

    private void multiplyByDerivative(int layer) {
        DenseLayer dense = layers[layer];
        NarrowLayer current = narrow[layer];
        float[] source = dense.activation().derivativeSource(current.logits, current.activations);
        dense.activation().multiplyByDerivative(kernels, source, current.gradient, 0, dense.units());
    }

    @Override
    public double lossSum() {
        return lossSum;
    }

    @Override
    public StateArrays state() {
        return new StateArrays();
    }
}
