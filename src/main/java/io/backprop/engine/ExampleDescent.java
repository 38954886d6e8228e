package io.backprop.engine;

import static java.lang.Math.fma;

import io.backprop.engine.kernel.Kernels;

/** The article's descent, for small networks: one example at a time, each gradient used as soon as it is known. */
final class ExampleDescent implements Descent {
    /*
     * For networks of a few dozen parameters the loops of the kernels are over before they have begun, so here they are
     * written out: a layer's parameters are changed in the very pass that takes its gradient, each after its last use.
     * Every number is the result of the same operations in the same order as in BatchDescent. Buffers are longer than a
     * layer, so that elementwise kernels run over whole vectors; nobody reads the excess.
     */

    private static final int WIDEST = 32;

    private final Kernels kernels;
    private final TrainingPlan plan;
    private final Loss loss;
    private final DenseLayer[] layers;
    private final EpochOrder order;
    private final Updater updater;
    private final float[][] logits; // per layer, units padded
    private final float[][] activations; // per layer, units padded
    private final float[][] gradients; // per layer, with respect to the logits, units padded
    private final float[] unused = new float[WIDEST + 1]; // gradient with respect to the inputs
    private final OutputRow outputRow;
    private double lossSum;

    ExampleDescent(Kernels kernels, NetworkSpec spec, TrainingPlan plan, Examples examples) {
        this.kernels = kernels;
        this.plan = plan;
        this.loss = spec.loss();
        this.layers = DenseLayer.of(spec);
        this.order = new EpochOrder(new Processor(kernels), examples, plan.shuffle(), 1, plan.seed());
        this.updater = plan.optimizer().updaterFor(spec.parameterCount());
        this.logits = new float[layers.length][];
        this.activations = new float[layers.length][];
        this.gradients = new float[layers.length][];
        for (int layer = 0; layer < layers.length; layer++) {
            int length = wholeVectors(layers[layer].units(), kernels.vectorBits() / Float.SIZE);
            logits[layer] = new float[length];
            activations[layer] = new float[length];
            gradients[layer] = new float[length + 1];
        }
        int last = layers.length - 1;
        this.outputRow = new OutputRow(logits[last], activations[last], layers[last].units());
    }

    private static int wholeVectors(int units, int lanes) {
        return (units + lanes - 1) / lanes * lanes;
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
    public boolean take(Step step, float[] parameters, StopQuestion question) {
        Batch example = order.rows(step.firstRow, 1);
        forward(parameters, example);
        outputGradient(example);
        float rate = -plan.schedule().learningRate(plan.learningRate(), step.number);
        for (int layer = layers.length - 1; layer > 0; layer--) {
            float[] below = gradients[layer - 1];
            change(layers[layer], rate, activations[layer - 1], 0, gradients[layer], below, parameters);
            multiplyByDerivative(layer - 1);
        }
        change(layers[0], rate, example.inputs, example.inputsOffset, gradients[0], unused, parameters);
        return true;
    }

    private void forward(float[] parameters, Batch example) {
        float[] x = example.inputs;
        int xOffset = example.inputsOffset;
        for (int layer = 0; layer < layers.length; layer++) {
            DenseLayer dense = layers[layer];
            logits(dense, parameters, x, xOffset, logits[layer]);
            int length = dense.activation() == Activation.SOFTMAX ? dense.units() : logits[layer].length;
            dense.activation().apply(kernels, logits[layer], activations[layer], 0, 1, length);
            x = activations[layer];
            xOffset = 0;
        }
    }

    /** Four units at a time, each a chain in rising order of its inputs. */
    private static void logits(DenseLayer layer, float[] parameters, float[] x, int xOffset, float[] z) {
        int inputs = layer.inputs();
        int units = layer.units();
        int biases = layer.biasesOffset();
        int u = 0;
        for (; u <= units - 4; u += 4) {
            float z0 = parameters[biases + u];
            float z1 = parameters[biases + u + 1];
            float z2 = parameters[biases + u + 2];
            float z3 = parameters[biases + u + 3];
            int weight = layer.weightsOffset() + u;
            for (int k = 0; k < inputs; k++) {
                float input = x[xOffset + k];
                z0 = fma(input, parameters[weight], z0);
                z1 = fma(input, parameters[weight + 1], z1);
                z2 = fma(input, parameters[weight + 2], z2);
                z3 = fma(input, parameters[weight + 3], z3);
                weight += units;
            }
            z[u] = z0;
            z[u + 1] = z1;
            z[u + 2] = z2;
            z[u + 3] = z3;
        }
        for (; u < units; u++) {
            float sum = parameters[biases + u];
            int weight = layer.weightsOffset() + u;
            for (int k = 0; k < inputs; k++) {
                sum = fma(x[xOffset + k], parameters[weight], sum);
                weight += units;
            }
            z[u] = sum;
        }
    }

    private void outputGradient(Batch example) {
        int last = layers.length - 1;
        outputRow.at(0, example.targets, example.targetsOffset);
        float weight = example.weight(0);
        lossSum = weight * loss.of(outputRow);
        for (int i = 0; i < outputRow.outputs; i++) {
            gradients[last][i] =
                    weight * loss.gradient(outputRow.prediction(i), outputRow.target(i), outputRow.outputs);
        }
        if (!loss.isCrossentropy()) {
            multiplyByDerivative(last);
        }
    }

    private void multiplyByDerivative(int layer) {
        Activation activation = layers[layer].activation();
        float[] source = activation.derivativeSource(logits[layer], activations[layer]);
        activation.multiplyByDerivative(kernels, source, gradients[layer], 0, source.length);
    }

    /**
     * Changes a layer's parameters, and takes the gradient with respect to what it was given from the weights before.
     * The biases follow the weights like those of one more input, which is always 1.
     *
     * @param below inputs of the layer, at least one more than it has. Modified.
     */
    private static void change(
            DenseLayer layer, float rate, float[] x, int xOffset, float[] gradient, float[] below, float[] parameters) {
        int inputs = layer.inputs();
        int units = layer.units();
        int weight = layer.weightsOffset();
        for (int k = 0; k <= inputs; k++) {
            float input = k < inputs ? x[xOffset + k] : 1;
            float sum = 0;
            for (int u = 0; u < units; u++) {
                float w = parameters[weight];
                float g = gradient[u];
                sum = fma(g, w, sum);
                parameters[weight] = fma(rate, fma(input, g, 0), w);
                weight++;
            }
            below[k] = sum;
        }
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
