package io.backprop.engine;

import java.util.Arrays;

/** Computes losses of a network in double precision from the formulas; shares no arithmetic with the engine. */
record ReferenceNetwork(NetworkSpec spec) {

    /** Mean of the weighted losses. */
    double loss(double[] parameters, Matrix inputs, Matrix targets, float[] weights) {
        double sum = 0;
        for (int row = 0; row < inputs.rows(); row++) {
            double[] predictions = predict(parameters, inputs.row(row));
            double[] losses = new double[predictions.length];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = loss(predictions[i], targets.get(row, i), losses.length);
            }
            double total = Arrays.stream(losses).sum();
            sum += weights[row] * (spec.loss() instanceof Loss.CategoricalCrossentropy ? total : total / losses.length);
        }
        return sum / inputs.rows();
    }

    private double[] predict(double[] parameters, float[] inputs) {
        double[] x = new double[inputs.length];
        Arrays.setAll(x, i -> inputs[i]);
        int next = 0;
        for (LayerSpec layer : spec.layers()) {
            double[] z = new double[layer.units()];
            for (double value : x) {
                for (int unit = 0; unit < z.length; unit++) {
                    z[unit] += value * parameters[next++];
                }
            }
            for (int unit = 0; unit < z.length; unit++) {
                z[unit] += parameters[next++];
            }
            double[] y = new double[z.length];
            Arrays.setAll(y, unit -> activation(layer.activation(), z[unit], z));
            x = y;
        }
        return x;
    }

    private static double activation(Activation activation, double z, double[] all) {
        return switch (activation) {
            case LINEAR -> z;
            case SIGMOID -> 1 / (1 + Math.exp(-z));
            case TANH -> Math.tanh(z);
            case RELU -> Math.max(z, 0);
            case LEAKY_RELU -> z > 0 ? z : 0.01 * z;
            case ELU -> z > 0 ? z : Math.exp(z) - 1;
            case GELU -> z * normalDistribution(z);
            case SELU -> 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * (Math.exp(z) - 1));
            case SILU -> z / (1 + Math.exp(-z));
            case MISH -> z * Math.tanh(Math.log(1 + Math.exp(z)));
            case EXPONENTIAL -> Math.exp(z);
            case SOFTPLUS -> Math.log(1 + Math.exp(z));
            case SOFTMAX -> Math.exp(z) / Arrays.stream(all).map(Math::exp).sum();
        };
    }

    /** {@code Φ(z) = 1/2 + φ(z)·(z + z³/3 + z⁵/(3·5) + …)}, Marsaglia 2004. */
    private static double normalDistribution(double z) {
        double term = z;
        double sum = z;
        for (int i = 3; i < 300; i += 2) {
            term *= z * z / i;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }

    private double loss(double p, double t, int outputs) {
        double error = Math.abs(p - t);
        if (spec.loss() instanceof Loss.MeanSquaredError) {
            return error * error;
        }
        if (spec.loss() instanceof Loss.MeanAbsoluteError) {
            return error;
        }
        if (spec.loss() instanceof Loss.Huber huber) {
            double delta = huber.delta();
            return error <= delta ? error * error / 2 : delta * error - delta * delta / 2;
        }
        if (spec.loss() instanceof Loss.Quantile quantile) {
            return p < t ? quantile.q() * error : (1 - quantile.q()) * error;
        }
        if (spec.loss() instanceof Loss.Poisson) {
            return p - t * Math.log(p);
        }
        if (spec.loss() instanceof Loss.BinaryCrossentropy binary) {
            double smoothed = t * (1 - binary.labelSmoothing()) + binary.labelSmoothing() / 2;
            return -smoothed * Math.log(p) - (1 - smoothed) * Math.log(1 - p);
        }
        double smoothing = ((Loss.CategoricalCrossentropy) spec.loss()).labelSmoothing();
        return -(t * (1 - smoothing) + smoothing / outputs) * Math.log(p);
    }
}
