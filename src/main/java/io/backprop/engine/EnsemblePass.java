package io.backprop.engine;

import java.util.Arrays;

/** Computes the mean predictions of networks, and their logits where these are needed. */
final class EnsemblePass {
    /*
     * The networks take turns in one forward pass, whose predictions and probabilities are summed in double in the order of
     * the networks: no sum depends on the number of rows or threads. A single network without a temperature has nothing to
     * sum, and its arrays are those of the forward pass.
     *
     * Probabilities whose logits are needed are computed from the logits of the networks, because a float that is close to 1
     * has lost the digits by which it differs.
     */

    private static final float[] NO_TARGETS = {};
    private static final int ARRAYS = 6; // of floats, at most: two of doubles, logits, and predictions

    final int rows; // at most, per run
    private final Execution execution;
    private final ForwardPass forward;
    private final float[][] parameters; // per network
    private final double temperature;
    private final boolean sigmoid;
    private final boolean hasProbabilities; // else the logit of a prediction is its logarithm
    private final Activation activation;
    private final int outputs;
    private final boolean single;
    private final double[] sums; // of predictions, rows × outputs
    private final double[] probabilities; // sums, rows × outputs; of sigmoids also of their complements
    private final float[] logits; // rows × outputs
    private final float[] predictions; // rows × outputs

    /**
     * @param parameters of each network. Not modified.
     * @param withLogits whether {@link #logits} is called; required with a temperature
     */
    EnsemblePass(
            Execution execution,
            NetworkSpec spec,
            float[][] parameters,
            double temperature,
            int examples,
            boolean withLogits) {
        this.execution = execution;
        this.forward = ForwardPass.forPrediction(execution, spec, examples);
        this.rows = forward.rows;
        this.parameters = parameters;
        this.temperature = temperature;
        this.activation = spec.outputLayer().activation();
        this.sigmoid = activation == Activation.SIGMOID;
        this.hasProbabilities = spec.loss().isCrossentropy();
        this.outputs = spec.outputs();
        this.single = parameters.length == 1 && temperature == 1;
        int length = single ? 0 : rows * outputs;
        this.sums = new double[temperature == 1 ? length : 0];
        this.probabilities = new double[!withLogits || !hasProbabilities ? 0 : sigmoid ? 2 * length : length];
        this.logits = new float[withLogits ? length : 0];
        this.predictions = new float[length];
    }

    /** The number of bytes that a pass for predictions allocates besides that of one network. */
    static long memory(NetworkSpec spec, int rows) {
        return (long) ARRAYS * Math.min(rows, ForwardPass.MAX_ROWS_OF_PREDICTION) * spec.outputs() * Float.BYTES;
    }

    void run(float[] inputs, int inputsOffset, int rows) {
        if (single) {
            forward.run(parameters[0], inputs, inputsOffset, rows);
            return;
        }
        Arrays.fill(sums, 0);
        Arrays.fill(probabilities, 0);
        for (float[] network : parameters) {
            forward.run(network, inputs, inputsOffset, rows);
            execution.overRows(0, rows, outputs, this::add);
        }
        execution.overRows(0, rows, outputs, this::average);
    }

    private void add(int first, int rows) {
        int end = (first + rows) * outputs;
        for (int i = first * outputs; i < end && sums.length > 0; i++) {
            sums[i] += forward.predictions()[i];
        }
        OutputRow output = forward.outputRow();
        for (int row = first; row < first + rows && probabilities.length > 0; row++) {
            output.at(row, NO_TARGETS, 0);
            if (sigmoid) {
                addSigmoids(row, output);
            } else {
                addSoftmax(row, output);
            }
        }
    }

    private void addSigmoids(int row, OutputRow output) {
        for (int i = 0; i < outputs; i++) {
            double odds = StrictMath.exp(-Math.abs((double) output.logit(i)));
            int place = 2 * (row * outputs + i);
            boolean positive = output.logit(i) >= 0;
            probabilities[positive ? place : place + 1] += 1 / (1 + odds);
            probabilities[positive ? place + 1 : place] += odds / (1 + odds);
        }
    }

    private void addSoftmax(int row, OutputRow output) {
        float largest = output.logit(0);
        for (int i = 1; i < outputs; i++) {
            largest = Math.max(largest, output.logit(i));
        }
        double sum = 0;
        for (int i = 0; i < outputs; i++) {
            sum += StrictMath.exp((double) output.logit(i) - largest);
        }
        for (int i = 0; i < outputs; i++) {
            probabilities[row * outputs + i] += StrictMath.exp((double) output.logit(i) - largest) / sum;
        }
    }

    private void average(int first, int rows) {
        int networks = parameters.length;
        int from = first * outputs;
        for (int i = from; i < from + rows * outputs; i++) {
            if (logits.length > 0) {
                logits[i] = (float) (logit(i) / temperature);
            }
            if (sums.length > 0) {
                predictions[i] = (float) (sums[i] / networks);
            }
        }
        if (sums.length == 0) {
            activation.apply(execution.kernels(), logits, predictions, from, rows, outputs);
        }
    }

    /** The logarithm of a prediction, or of the odds of a sigmoid's; bounded, as that of 0 is not finite. */
    private double logit(int i) {
        if (!hasProbabilities) {
            return log(sums[i] / parameters.length);
        }
        return sigmoid
                ? log(probabilities[2 * i]) - log(probabilities[2 * i + 1])
                : log(probabilities[i] / parameters.length);
    }

    private static double log(double value) {
        return StrictMath.log(Math.max(value, Double.MIN_NORMAL));
    }

    /** The mean predictions, rows × outputs. */
    float[] predictions() {
        return single ? forward.predictions() : predictions;
    }

    /** The logits of the mean predictions, rows × outputs. */
    float[] logits() {
        return single ? forward.logits() : logits;
    }

    /** Creates a view of the rows of the predictions. */
    OutputRow outputRow() {
        return single ? forward.outputRow() : new OutputRow(logits, predictions, outputs);
    }
}
