package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The architecture of a network, and the layout of its parameters in one flat array: for each layer the weights, inputs ×
 * units in row-major order, and then the biases.
 *
 * @param inputs number of features, at least 1
 * @param layers hidden layers, then the output layer
 */
public record NetworkSpec(int inputs, List<LayerSpec> layers, Loss loss) {

    /** Larger than any array; adding a product of two widths does not overflow. */
    private static final long COUNT_LIMIT = 1L << 62;

    public NetworkSpec {
        layers = List.copyOf(layers);
        requireAtLeast(1, inputs, "inputs");
        requireArgument(!layers.isEmpty(), "layers must have at least 1 layer, but has none");
        requireHiddenActivations(layers);
        LayerSpec output = layers.get(layers.size() - 1);
        requireArgument(output.dropout() == 0, "dropout of the output layer must be 0, but was %s", output.dropout());
        loss.requireFits(output.activation());
        long parameters = countParameters(inputs, layers);
        requireArgument(
                parameters <= Integer.MAX_VALUE - 8,
                "layers must have at most %d parameters in total, but has %d",
                Integer.MAX_VALUE - 8,
                parameters);
    }

    /** Describes a network of the given hidden layers, if any, and output layer. */
    public static NetworkSpec of(int inputs, Loss loss, LayerSpec... layers) {
        return new NetworkSpec(inputs, List.of(layers), loss);
    }

    void requireInputs(Matrix inputs) {
        requireArgument(
                inputs.columns() == this.inputs,
                "inputs must have %d columns, but has %d",
                this.inputs,
                inputs.columns());
    }

    /** The number of units of the output layer, which is the number of columns of targets and predictions. */
    public int outputs() {
        return outputLayer().units();
    }

    /** The last layer. */
    public LayerSpec outputLayer() {
        return layers.get(layers.size() - 1);
    }

    /** The numbers of inputs and of the units of each layer. */
    List<Integer> widths() {
        return Stream.concat(Stream.of(inputs), layers.stream().map(LayerSpec::units))
                .toList();
    }

    /** The number of inputs of a layer. */
    public int inputsOf(int layer) {
        return layer == 0 ? inputs : layers.get(layer - 1).units();
    }

    /** The number of weights and biases of all layers. */
    public int parameterCount() {
        return (int) countParameters(inputs, layers);
    }

    /** The number of weights and biases of a layer. */
    public int parameterCount(int layer) {
        return (inputsOf(layer) + 1) * layers.get(layer).units();
    }

    /** The number of parameters of a network that need not be valid or fit into memory. */
    public static long countParameters(int inputs, List<LayerSpec> layers) {
        long parameters = 0;
        long width = inputs;
        for (LayerSpec layer : layers) {
            parameters = Math.min(COUNT_LIMIT, parameters + (width + 1) * layer.units());
            width = layer.units();
        }
        return parameters;
    }

    private static void requireHiddenActivations(List<LayerSpec> layers) {
        for (int layer = 0; layer < layers.size() - 1; layer++) {
            Activation activation = layers.get(layer).activation();
            requireArgument(
                    !activation.isOutputOnly(),
                    "activation of hidden layer %d must not be %s, which is only for the output layer",
                    layer,
                    activation.name().toLowerCase(Locale.ROOT));
        }
    }
}
