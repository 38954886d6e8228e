package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.OnnxException.quote;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node with the values of its inputs.
 *
 * @param inputs null for an optional one that is left out
 * @param opset version of the operator set of the node
 */
record Operation(OnnxNode node, List<@Nullable Value> inputs, long opset) {

    /** The operator and the node, for messages. */
    String description() {
        String operator = node.domain().isEmpty() ? node.operator() : node.domain() + "." + node.operator();
        return "operator %s (%s)"
                .formatted(
                        operator.length() <= 100 ? operator : operator.substring(0, 100) + "…",
                        node.name().isEmpty()
                                ? "of output "
                                        + quote(
                                                node.outputs().isEmpty()
                                                        ? ""
                                                        : node.outputs().get(0))
                                : "node " + quote(node.name()));
    }

    /** An operation that a network can't represent. */
    OnnxException unsupported(String format, Object... received) {
        String reason = String.format(Locale.ROOT, format, received);
        return new OnnxException("%s is not supported%s; a model is a chain of dense layers"
                .formatted(description(), reason.isEmpty() ? "" : ": " + reason));
    }

    /** Rejects the operation unless the rule holds; the message is formatted only then. */
    void requireSupported(boolean rule, String format, Object... received) {
        if (!rule) {
            throw unsupported(format, received);
        }
    }

    /** Rejects an operation that is invalid unless the rule holds. The format continues a sentence about it. */
    void require(boolean rule, String format, Object... received) {
        if (!rule) {
            throw new OnnxException(description() + " " + String.format(Locale.ROOT, format, received));
        }
    }

    int inputCount() {
        return inputs.size();
    }

    /** A required input. */
    Value input(int index) {
        Value value = optionalInput(index);
        if (value == null) {
            throw new OnnxException(
                    "%s must have at least %d inputs, but has %d".formatted(description(), index + 1, inputs.size()));
        }
        return value;
    }

    /** An input; null if it is left out. */
    @Nullable
    Value optionalInput(int index) {
        return index < inputs.size() ? inputs.get(index) : null;
    }

    /** An input that must be computed from the rows. */
    Value.Rows rows(int index) {
        if (input(index) instanceof Value.Rows rows) {
            requireSupported(!rows.integers(), "its input is an integer; cast it to float first");
            return rows;
        }
        throw unsupported("input %d must be computed from the input of the graph", index);
    }

    /** An input that must be a numeric constant. */
    Constant constant(int index) {
        if (input(index) instanceof Constant constant) {
            constant.requireNumbers(this);
            return constant;
        }
        throw unsupported("input %d must be a constant", index);
    }

    /** An integer attribute. */
    long integer(String name, long otherwise) {
        return attribute(name, OnnxAttribute.OfInt.class)
                .map(OnnxAttribute.OfInt::value)
                .orElse(otherwise);
    }

    float number(String name, float otherwise) {
        return attribute(name, OnnxAttribute.OfFloat.class)
                .map(OnnxAttribute.OfFloat::value)
                .orElse(otherwise);
    }

    String text(String name, String otherwise) {
        return attribute(name, OnnxAttribute.OfString.class)
                .map(OnnxAttribute.OfString::value)
                .orElse(otherwise);
    }

    /** The numbers or texts of the attribute whose name has a prefix; empty if there is none. */
    List<String> texts(String prefix) {
        for (Map.Entry<String, OnnxAttribute> attribute : node.attributes().entrySet()) {
            if (attribute.getKey().startsWith(prefix)) {
                if (attribute.getValue() instanceof OnnxAttribute.OfStrings strings) {
                    return strings.values();
                }
                if (attribute.getValue() instanceof OnnxAttribute.OfInts integers) {
                    return integers.values().stream().map(String::valueOf).toList();
                }
            }
        }
        return List.of();
    }

    /** An attribute of a type; empty if there is none of this name. */
    <T extends OnnxAttribute> Optional<T> attribute(String name, Class<T> type) {
        OnnxAttribute attribute = node.attributes().get(name);
        require(attribute == null || type.isInstance(attribute), "has an attribute %s of the wrong type", name);
        return Optional.ofNullable(type.cast(attribute));
    }

    /** Rejects another value of an attribute than the only one that the engine has. */
    void requireNumber(String name, float otherwise, float only) {
        float value = number(name, otherwise);
        requireSupported(Math.abs(value - only) <= 1e-6f * only, "%s must be %s, but is %s", name, only, value);
    }

    /** Rejects an operation along another axis than that of the values of a row. */
    void requireLastAxis(Value.Rows rows, long otherwise) {
        long axis = integer("axis", otherwise);
        requireSupported(
                rows.shape().size() == 1 && (axis == 1 || axis == -1),
                "axis must be 1, but is %d of %d dimensions",
                axis,
                rows.shape().size() + 1);
    }

    /** An input that is lengths of dimensions. */
    List<Long> lengths(int index) {
        if (input(index) instanceof Value.Lengths lengths) {
            return lengths.lengths();
        }
        Constant constant = constant(index);
        requireSupported(
                constant.isInteger() && constant.size() <= Shapes.MAX_RANK,
                "it is known only for lengths of dimensions");
        return Arrays.stream(constant.toLongs()).boxed().toList();
    }

    /** The axes of an operation, an attribute in older operator sets and an input in newer ones; empty if left out. */
    List<Long> axes() {
        if (optionalInput(1) != null) {
            return lengths(1);
        }
        return attribute("axes", OnnxAttribute.OfInts.class)
                .map(OnnxAttribute.OfInts::values)
                .orElse(List.of());
    }
}
