package io.backprop.interchange.onnx;

import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The part of a graph that computes the predictions of networks. Each dense layer is a node {@code Gemm}, whose weights are
 * inputs × units, followed by its activation.
 */
final class NetworkGraph {
    /*
     * What the operators of version 17 lack is composed of others: GELU, SiLU and Mish.
     *
     * Means and their logits are computed in double, as in EnsemblePass. Their sigmoid is composed, too: that of ONNX
     * Runtime subtracts from 1 for negative logits, which leaves no digits of small probabilities.
     */

    private final GraphBuilder graph;
    private final Ensemble ensemble;
    private final NetworkSpec spec;
    private final Activation output;
    private final boolean single;

    NetworkGraph(GraphBuilder graph, Ensemble ensemble) {
        this.graph = graph;
        this.ensemble = ensemble;
        this.spec = ensemble.spec();
        this.output = spec.outputLayer().activation();
        this.single = ensemble.networks().size() == 1;
    }

    /**
     * Adds the nodes of all networks, and returns the name of their predictions, rows × outputs.
     *
     * @param inputs the name of the encoded inputs, rows × inputs
     */
    String build(String inputs) {
        List<String> logits = new ArrayList<>();
        for (int i = 0; i < ensemble.networks().size(); i++) {
            logits.add(logits(ensemble.networks().get(i), prefix(i), inputs));
        }
        if (ensemble.temperature() != 1) {
            return calibrated(logits);
        }
        if (single) {
            return activation(output, "output", logits.get(0));
        }
        List<String> predictions = new ArrayList<>();
        for (int i = 0; i < logits.size(); i++) {
            predictions.add(wide(prefix(i) + "output", activation(output, prefix(i) + "output", logits.get(i))));
        }
        return graph.cast("mean.float", ElementType.FLOAT, mean(predictions));
    }

    private String prefix(int network) {
        return single ? "" : "network%d.".formatted(network);
    }

    /** The logits of the output layer. */
    private String logits(Network network, String prefix, String inputs) {
        Vector parameters = network.parameterVector();
        int offset = 0;
        String x = inputs;
        for (int i = 0; i < spec.layers().size(); i++) {
            LayerSpec layer = spec.layers().get(i);
            String name = "%slayer%d".formatted(prefix, i);
            int width = spec.inputsOf(i);
            int units = layer.units();
            String weights = graph.constant(name + ".weights", width, units, copy(parameters, offset, width * units));
            offset += width * units;
            String biases = graph.constant(name + ".biases", copy(parameters, offset, units));
            offset += units;
            x = graph.add(name + ".logits", "Gemm", x, weights, biases);
            if (i < spec.layers().size() - 1) {
                x = activation(layer.activation(), name, x);
            }
        }
        return x;
    }

    private static float[] copy(Vector parameters, int offset, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = parameters.get(offset + i);
        }
        return values;
    }

    private String activation(Activation activation, String name, String x) {
        String y = name + ".activations";
        return switch (activation) {
            case LINEAR -> x;
            case SIGMOID -> graph.add(y, "Sigmoid", x);
            case TANH -> graph.add(y, "Tanh", x);
            case RELU -> graph.add(y, "Relu", x);
            case LEAKY_RELU ->
                graph.add(y, "LeakyRelu", Map.of("alpha", new OnnxAttribute.OfFloat(Activation.LEAK)), x);
            case ELU -> graph.add(y, "Elu", x);
            case SELU ->
                graph.add(
                        y,
                        "Selu",
                        Map.of(
                                "alpha", new OnnxAttribute.OfFloat(Activation.SELU_ALPHA / Activation.SELU_SLOPE),
                                "gamma", new OnnxAttribute.OfFloat(Activation.SELU_SLOPE)),
                        x);
            case GELU -> gelu(name, x);
            case SILU -> graph.add(y, "Mul", x, graph.add(name + ".sigmoid", "Sigmoid", x));
            case MISH -> {
                String softplus = graph.add(name + ".softplus", "Softplus", x);
                yield graph.add(y, "Mul", x, graph.add(name + ".tanh", "Tanh", softplus));
            }
            case SOFTPLUS -> graph.add(y, "Softplus", x);
            case EXPONENTIAL -> graph.add(y, "Exp", x);
            case SOFTMAX -> graph.add(y, "Softmax", x);
        };
    }

    /** {@code ½·x·(1 + erf(x / √2))}. */
    private String gelu(String name, String x) {
        String scaled = graph.add(name + ".scaled", "Div", x, graph.constant(name + ".root", (float) Math.sqrt(2)));
        String erf = graph.add(name + ".erf", "Erf", scaled);
        String sum = graph.add(name + ".sum", "Add", erf, graph.constant(name + ".one", 1f));
        String product = graph.add(name + ".product", "Mul", x, sum);
        return graph.add(name + ".activations", "Mul", product, graph.constant(name + ".half", 0.5f));
    }

    /** The probabilities at the temperature: the output activation of the logits divided by it. */
    private String calibrated(List<String> logits) {
        String temperature = graph.constant("temperature", ensemble.temperature());
        String divided = graph.add("calibrated.wide", "Div", meanLogits(logits), temperature);
        return activation(output, "calibrated", graph.cast("calibrated.logits", ElementType.FLOAT, divided));
    }

    /** The logits of the mean probabilities, in double. */
    private String meanLogits(List<String> logits) {
        List<String> probabilities = new ArrayList<>();
        List<String> complements = new ArrayList<>(); // of sigmoids
        for (int i = 0; i < logits.size(); i++) {
            String name = prefix(i) + "output";
            String z = wide(name, logits.get(i));
            if (output == Activation.SOFTMAX) {
                probabilities.add(graph.add(name + ".softmax", "Softmax", z));
            } else {
                probabilities.add(sigmoid(name, graph.add(name + ".negative", "Neg", z)));
                complements.add(sigmoid(name + ".complement", z));
            }
        }
        String least = graph.constant("mean.least", Double.MIN_NORMAL);
        if (output == Activation.SOFTMAX) {
            return log("mean", mean(probabilities), least);
        }
        return graph.add(
                "mean.logits",
                "Sub",
                log("mean", sum("sum", probabilities), least),
                log("mean.complement", sum("sum.complement", complements), least));
    }

    /** The logarithm, bounded because that of 0 is not finite. */
    private String log(String name, String x, String least) {
        return graph.add(name + ".log", "Log", graph.add(name + ".limited", "Max", x, least));
    }

    /** {@code 1 / (1 + eˣ)} in double, the sigmoid of −x. */
    private String sigmoid(String name, String x) {
        String exp = graph.add(name + ".exp", "Exp", x);
        String sum = graph.add(name + ".sum", "Add", exp, graph.constant(name + ".one", 1.0));
        return graph.add(name + ".sigmoid", "Reciprocal", sum);
    }

    private String mean(List<String> values) {
        return graph.add("mean", "Div", sum("sum", values), graph.constant("networks", (double) values.size()));
    }

    private String sum(String name, List<String> values) {
        return graph.add(name, "Sum", values.toArray(String[]::new));
    }

    private String wide(String name, String x) {
        return graph.cast(name + ".wide", ElementType.DOUBLE, x);
    }
}
