package io.backprop.interchange.onnx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Collects the nodes and constants of a graph, whose values get names that differ from one another. */
final class GraphBuilder {

    /** The domain of operators on text. */
    static final String ML = "ai.onnx.ml";

    private final Set<String> names;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final List<OnnxTensor> constants = new ArrayList<>();

    /** @param inputs names of the inputs of the graph */
    GraphBuilder(Collection<String> inputs) {
        names = new HashSet<>(inputs);
    }

    /** A name that no value has: the wanted one, with underscores behind it if that is taken. */
    String reserve(String wanted) {
        String name = wanted;
        while (!names.add(name)) {
            name += "_";
        }
        return name;
    }

    /** Adds a node with one output, and returns the name of that. Attributes are ordered by name. */
    String add(String output, String operator, String... inputs) {
        return add(output, operator, Map.of(), inputs);
    }

    String add(String output, String operator, Map<String, OnnxAttribute> attributes, String... inputs) {
        return add(output, "", operator, attributes, inputs);
    }

    String add(String output, String domain, String operator, Map<String, OnnxAttribute> attributes, String... inputs) {
        String name = reserve(output);
        nodes.add(new OnnxNode(name, domain, operator, List.of(inputs), List.of(name), new TreeMap<>(attributes)));
        return name;
    }

    /** Adds a conversion to another type of elements. */
    String cast(String output, ElementType type, String input) {
        return add(output, "Cast", Map.of("to", new OnnxAttribute.OfInt(type.code())), input);
    }

    /** Adds a row of numbers. */
    String constant(String wanted, float... elements) {
        return constant(OnnxTensor.ofFloats(reserve(wanted), List.of((long) elements.length), elements));
    }

    /** Adds a matrix. */
    String constant(String wanted, int rows, int columns, float[] elements) {
        return constant(OnnxTensor.ofFloats(reserve(wanted), List.of((long) rows, (long) columns), elements));
    }

    /** Adds a row of numbers of double precision. */
    String constant(String wanted, double... elements) {
        return constant(OnnxTensor.ofDoubles(reserve(wanted), List.of((long) elements.length), elements));
    }

    /** Adds a row of integers. */
    String constant(String wanted, long... elements) {
        return constant(
                OnnxTensor.ofIntegers(reserve(wanted), ElementType.INT64, List.of((long) elements.length), elements));
    }

    /** Adds a row of texts. */
    String constant(String wanted, List<String> elements) {
        return constant(OnnxTensor.ofStrings(reserve(wanted), List.of((long) elements.size()), elements));
    }

    private String constant(OnnxTensor tensor) {
        constants.add(tensor);
        return tensor.name();
    }

    /** Gives the output of a node a reserved name. */
    void rename(String value, String name) {
        nodes.replaceAll(node -> new OnnxNode(
                node.name(),
                node.domain(),
                node.operator(),
                rename(node.inputs(), value, name),
                rename(node.outputs(), value, name),
                node.attributes()));
    }

    private static List<String> rename(List<String> values, String value, String name) {
        return values.stream().map(other -> other.equals(value) ? name : other).toList();
    }

    /** Whether any node has an operator of the domain. */
    boolean uses(String domain) {
        return nodes.stream().anyMatch(node -> node.domain().equals(domain));
    }

    OnnxGraph build(String name, List<OnnxValue> inputs, List<OnnxValue> outputs) {
        return new OnnxGraph(name, nodes, constants, inputs, outputs);
    }
}
