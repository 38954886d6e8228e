package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.kernel.Kernels;
import java.util.List;

/**
 * Networks of one specification that predict together: {@code p = (p₁ + … + pₙ) / n} of their predictions pᵢ, summed in
 * double and in their order. The predictions of a single network are its own.
 *
 * <p>Probabilities may have a temperature T, by which the logits of p are divided: {@code softmax(log p / T)}, or {@code
 * sigmoid(log(p / (1 − p)) / T)} of sigmoid outputs. Guo et al., "On calibration of modern neural networks", 2017.
 *
 * <p>Immutable, as its networks are.
 */
public final class Ensemble {

    private final List<Network> networks;
    private final double temperature;

    private Ensemble(List<Network> networks, double temperature) {
        this.networks = networks;
        this.temperature = temperature;
    }

    /** A single network. */
    public static Ensemble of(Network network) {
        return new Ensemble(List.of(network), 1);
    }

    /** At least one network; all must have the same specification. */
    public static Ensemble of(List<Network> networks) {
        requireArgument(!networks.isEmpty(), "networks must have at least 1 network, but has none");
        NetworkSpec spec = networks.get(0).spec();
        requireArgument(
                networks.stream().allMatch(network -> network.spec().equals(spec)),
                "networks must all have the same specification");
        return new Ensemble(List.copyOf(networks), 1);
    }

    /**
     * These networks with a temperature.
     *
     * @param newTemperature finite and greater than 0; 1, the default, changes nothing. Another one needs a cross-entropy
     */
    public Ensemble withTemperature(double newTemperature) {
        requireArgument(
                newTemperature > 0 && Double.isFinite(newTemperature),
                "temperature must be finite and greater than 0, but was %s",
                newTemperature);
        requireArgument(
                newTemperature == 1 || spec().loss().isCrossentropy(),
                "temperature must be 1 without a cross-entropy, but was %s",
                newTemperature);
        return new Ensemble(networks, newTemperature);
    }

    /** At least one network. */
    public List<Network> networks() {
        return networks;
    }

    /** 1 for predictions as they are averaged. */
    public double temperature() {
        return temperature;
    }

    /** The specification of each network. */
    public NetworkSpec spec() {
        return networks.get(0).spec();
    }

    /** The number of parameters of all networks together. */
    public long parameterCount() {
        return (long) networks.size() * spec().parameterCount();
    }

    /**
     * Computes predictions.
     *
     * @param inputs examples × features
     * @return examples × outputs
     */
    public Matrix predict(Matrix inputs) {
        return predict(inputs, Threads.ONE);
    }

    /** Computes predictions, as {@link #predict(Matrix)}, on several threads. */
    public Matrix predict(Matrix inputs, Threads threads) {
        return networks.size() == 1 && temperature == 1
                ? networks.get(0).predict(inputs, threads)
                : run(inputs, threads, temperature != 1, EnsemblePass::predictions);
    }

    /**
     * Computes the logits of the predictions, which must be those of a cross-entropy. Those of a softmax are determined up
     * to a constant for each row.
     *
     * @param inputs examples × features
     * @return examples × outputs
     */
    public Matrix logits(Matrix inputs, Threads threads) {
        requireArgument(spec().loss().isCrossentropy(), "logits are those of a cross-entropy");
        return run(inputs, threads, true, EnsemblePass::logits);
    }

    private interface Output {
        float[] of(EnsemblePass pass);
    }

    private Matrix run(Matrix inputs, Threads threads, boolean withLogits, Output output) {
        NetworkSpec spec = spec();
        spec.requireInputs(inputs);
        Execution execution = threads.acquire();
        EnsemblePass pass = new EnsemblePass(execution, spec, parameters(), temperature, inputs.rows(), withLogits);
        int outputs = spec.outputs();
        float[] values = new float[Matrix.elementCount(inputs.rows(), outputs)];
        for (int first = 0; first < inputs.rows(); first += pass.rows) {
            int rows = Math.min(pass.rows, inputs.rows() - first);
            pass.run(inputs.values(), first * spec.inputs(), rows);
            System.arraycopy(output.of(pass), 0, values, first * outputs, rows * outputs);
        }
        threads.release(execution);
        return Matrix.wrap(inputs.rows(), outputs, values);
    }

    private float[][] parameters() {
        return networks.stream()
                .map(network -> network.parameterVector().values())
                .toArray(float[][]::new);
    }

    /** The number of bytes that {@link #predict(Matrix)} allocates for that many rows, predictions included. */
    public long memoryToPredict(int rows) {
        long single = networks.get(0).memoryToPredict(rows);
        return networks.size() == 1 && temperature == 1 ? single : single + EnsemblePass.memory(spec(), rows);
    }

    /** Creates an evaluator of the predictions. */
    public Evaluator evaluator() {
        return new Evaluator(new Execution(Kernels.best()), spec(), parameters(), temperature);
    }
}
