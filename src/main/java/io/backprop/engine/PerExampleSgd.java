package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import io.backprop.engine.kernel.NarrowLayer;

/** The article's descent, for small networks: one example at a time, each gradient used as soon as it is known. */
final class PerExampleSgd implements GradientDescent {
    /*
     * Networks of a few dozen parameters spend their time waiting, each step for the parameters that the one before has
     * changed. So the layers keep their parameters to themselves, in the form that is fastest for them, and what the
     * next layer does not wait for is done while it is waiting. Every number is the result of the same operations in
     * the same order as in MiniBatchDescent.
     */

    private static final int WIDEST = 32;

    private final Kernels kernels;
    private final TrainingPlan plan;
    private final Loss loss;
    private final DenseLayer[] layers;
    private final BatchSampler order;
    private final Updater updater;
    private final NarrowLayer[] narrow; // has the parameters, once loaded
    private boolean loaded;
    private final OutputRow outputRow;
    private double lossSum;

    PerExampleSgd(Execution execution, NetworkSpec spec, TrainingPlan plan, Examples examples) {
        this.kernels = execution.kernels();
        this.plan = plan;
        this.loss = spec.loss();
        this.layers = DenseLayer.of(spec);
        this.order = new BatchSampler(execution, examples, plan.shuffle(), 1, plan.seed());
        this.updater = plan.optimizer().updaterFor(spec.parameterCount());
        this.narrow = new NarrowLayer[layers.length];
        for (int layer = 0; layer < layers.length; layer++) {
            DenseLayer dense = layers[layer];
            narrow[layer] = kernels.narrowLayer(dense.inputs(), dense.units(), layer == 0, own(dense.activation()));
        }
        NarrowLayer output = narrow[layers.length - 1];
        this.outputRow = new OutputRow(output.logits, output.activations, spec.outputs());
    }

    private static NarrowLayer.FusedActivation own(Activation activation) {
        return switch (activation) {
            case SIGMOID -> NarrowLayer.FusedActivation.SIGMOID;
            case RELU -> NarrowLayer.FusedActivation.RELU;
            default -> NarrowLayer.FusedActivation.NONE;
        };
    }

    /** Whether this descent is meant for the plan, and the network so small that it pays. */
    static boolean fits(NetworkSpec spec, TrainingPlan plan) {
        Regularization regularization = plan.regularization();
        boolean plain = plan.optimizer() instanceof Optimizer.Sgd sgd && sgd.momentum() == 0;
        return plan.batchSize() == 1
                && plain
                && !regularization.penalizes()
                && !regularization.clips()
                && spec.inputs() <= WIDEST
                && spec.layers().stream().allMatch(layer -> layer.dropout() == 0 && layer.units() <= WIDEST);
    }

    @Override
    public void beginEpoch(int epoch) {
        order.begin(epoch);
    }

    @Override
    public boolean take(Step step, float[] parameters, StopSignal stopSignal) {
        if (!loaded) {
            load(parameters);
        }
        Batch example = order.rows(step.firstRow, 1);
        forward(example);
        outputGradient(example);
        float rate = -plan.schedule().learningRate(plan.learningRate(), step.number);
        for (int layer = layers.length - 1; layer > 0; layer--) {
            NarrowLayer below = narrow[layer - 1];
            narrow[layer].backward(below);
            if (!fusesActivation(layer - 1)) {
                multiplyByDerivative(layer - 1);
            }
            narrow[layer].change(rate, below.activations, 0);
        }
        narrow[0].change(rate, example.inputs, example.inputsOffset);
        return true;
    }

    private void load(float[] parameters) {
        for (int layer = 0; layer < layers.length; layer++) {
            narrow[layer].load(parameters, layers[layer].weightsOffset());
        }
        loaded = true;
    }

    @Override
    public void settle(float[] parameters) {
        for (int layer = 0; loaded && layer < layers.length; layer++) {
            narrow[layer].store(parameters, layers[layer].weightsOffset());
        }
    }

    private void forward(Batch example) {
        float[] x = example.inputs;
        int xOffset = example.inputsOffset;
        for (int layer = 0; layer < layers.length; layer++) {
            NarrowLayer current = narrow[layer];
            current.forward(x, xOffset);
            if (!fusesActivation(layer)) {
                DenseLayer dense = layers[layer];
                dense.activation().apply(kernels, current.logits, current.activations, 0, 1, dense.units());
            }
            x = current.activations;
            xOffset = 0;
        }
    }

    private boolean fusesActivation(int layer) {
        return narrow[layer].activation() != NarrowLayer.FusedActivation.NONE;
    }

    private void outputGradient(Batch example) {
        int last = layers.length - 1;
        float[] gradient = narrow[last].gradient;
        outputRow.at(0, example.targets, example.targetsOffset);
        float weight = example.weight(0);
        lossSum = weight * loss.of(outputRow);
        for (int i = 0; i < outputRow.outputs; i++) {
            gradient[i] = weight * loss.gradient(outputRow.prediction(i), outputRow.target(i), outputRow.outputs);
        }
        if (!loss.isCrossentropy()) {
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
    public Updater updater() {
        return updater;
    }
}
