package io.backprop.interchange.onnx;

import io.backprop.interchange.onnx.OnnxValue.Dimension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/** A graph as other programs write it, node by node. */
final class GraphFixture {

    static final String ML = "ai.onnx.ml";

    private static final Dimension ROWS = new Dimension.Free("N");

    private final List<OnnxNode> nodes = new ArrayList<>();
    private final List<OnnxTensor> initializers = new ArrayList<>();
    private final List<OnnxValue> inputs = new ArrayList<>();
    private final List<OnnxValue> outputs = new ArrayList<>();
    private final Map<String, Long> opsets = new LinkedHashMap<>(Map.of("", 17L));
    private final Random random = new Random(7);

    GraphFixture opset(String domain, long version) {
        opsets.put(domain, version);
        return this;
    }

    GraphFixture input(String name, long... shape) {
        return input(name, ElementType.FLOAT, shape);
    }

    /** @param shape of a row */
    GraphFixture input(String name, ElementType type, long... shape) {
        inputs.add(new OnnxValue(name, type, dimensions(shape), ""));
        return this;
    }

    GraphFixture input(OnnxValue value) {
        inputs.add(value);
        return this;
    }

    /** @param shape of a row */
    GraphFixture output(String name, ElementType type, long... shape) {
        outputs.add(new OnnxValue(name, type, dimensions(shape), ""));
        return this;
    }

    GraphFixture output(String name, long... shape) {
        return output(name, ElementType.FLOAT, shape);
    }

    private static List<Dimension> dimensions(long... shape) {
        List<Dimension> dimensions = new ArrayList<>(List.of(ROWS));
        LongStream.of(shape).forEach(length -> dimensions.add(new Dimension.Fixed(length)));
        return dimensions;
    }

    GraphFixture node(String operator, String inputs, String output) {
        return node("", operator, Map.of(), inputs, output);
    }

    GraphFixture node(String operator, Map<String, OnnxAttribute> attributes, String inputs, String output) {
        return node("", operator, attributes, inputs, output);
    }

    /**
     * Adds a node that is named after its output.
     *
     * @param inputs names, separated by spaces
     */
    GraphFixture node(
            String domain, String operator, Map<String, OnnxAttribute> attributes, String inputs, String output) {
        nodes.add(new OnnxNode(
                "node_" + output,
                domain,
                operator,
                inputs.isEmpty() ? List.of() : List.of(inputs.split(" ", -1)),
                List.of(output),
                attributes));
        return this;
    }

    GraphFixture floats(String name, List<Long> shape, float... elements) {
        initializers.add(OnnxTensor.ofFloats(name, shape, elements));
        return this;
    }

    GraphFixture tensor(OnnxTensor tensor) {
        initializers.add(tensor);
        return this;
    }

    GraphFixture integers(String name, long... elements) {
        initializers.add(OnnxTensor.ofIntegers(name, ElementType.INT64, List.of((long) elements.length), elements));
        return this;
    }

    /** Adds a constant of small random numbers. */
    GraphFixture weights(String name, long... shape) {
        float[] elements = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = random.nextFloat() - 0.5f;
        }
        return floats(name, Arrays.stream(shape).boxed().toList(), elements);
    }

    OnnxTensor initializer(String name) {
        return initializers.stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Map<String, OnnxAttribute> attribute(String name, long value) {
        return Map.of(name, new OnnxAttribute.OfInt(value));
    }

    static Map<String, OnnxAttribute> attribute(String name, float value) {
        return Map.of(name, new OnnxAttribute.OfFloat(value));
    }

    OnnxModel build() {
        return new OnnxModel(
                8,
                "fixture",
                "",
                0,
                "",
                opsets,
                new OnnxGraph("graph", nodes, initializers, inputs, outputs),
                Map.of());
    }

    byte[] bytes() {
        return OnnxWriter.write(build());
    }
}
