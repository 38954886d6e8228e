package io.backprop.interchange.onnx;

import java.util.List;

/**
 * The computation from inputs to outputs, {@code GraphProto}. Nodes, initializers, inputs and outputs refer to each other by
 * the names of values.
 *
 * @param nodes each after those whose outputs it uses
 * @param initializers constants
 * @param inputs may include initializers, which are their defaults
 */
public record OnnxGraph(
        String name,
        List<OnnxNode> nodes,
        List<OnnxTensor> initializers,
        List<OnnxValue> inputs,
        List<OnnxValue> outputs) {

    public OnnxGraph {
        nodes = List.copyOf(nodes);
        initializers = List.copyOf(initializers);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
