package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.OnnxException.quote;
import static io.backprop.interchange.onnx.OnnxException.require;

import io.backprop.engine.Activation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the nodes of a graph from its input, and finds the expression of each value. Constants are computed at once.
 *
 * <p>Nodes may only use what is defined before them, so that a graph with a cycle is rejected. Every node takes time and
 * memory for its result only, whose sum is limited by the size of the constants in the file.
 */
final class GraphReader {

    private static final String STANDARD = "";
    private static final String ML = "ai.onnx.ml";

    private static final int MIN_OPSET = 7; // earlier operators broadcast differently

    private final Map<String, Long> opsets = new HashMap<>();
    private final Map<String, Value> values = new HashMap<>();
    private final ResultMemory memory = new ResultMemory();
    private final Arithmetic arithmetic = new Arithmetic(memory);
    private final ClassOperations classes = new ClassOperations(memory);
    private final ShapeOperations shapes;

    /**
     * @param batch the number of rows that the file was written for; 0 for any number
     */
    GraphReader(Map<String, Long> opsets, long batch) {
        opsets.forEach((domain, version) -> this.opsets.merge(domain(domain), version, Math::max));
        this.shapes = new ShapeOperations(memory, batch);
    }

    /** Defines a constant of the file. */
    void define(OnnxTensor tensor) {
        define(tensor.name(), constant(tensor));
    }

    private Constant constant(OnnxTensor tensor) {
        require(
                tensor.dimensions().size() <= Shapes.MAX_RANK,
                "tensor %s has more than %d dimensions",
                quote(tensor.name()),
                Shapes.MAX_RANK);
        Constant constant = Constant.of(tensor);
        memory.allowFor(constant);
        return constant;
    }

    void define(String name, Value value) {
        require(values.putIfAbsent(name, value) == null, "the name %s is defined twice", quote(name));
    }

    /** The value of a name; null if it is not defined. */
    @Nullable
    Value get(String name) {
        return values.get(name);
    }

    /** Computes the outputs of a node. */
    void read(OnnxNode node) {
        String domain = domain(node.domain());
        List<@Nullable Value> inputs = new ArrayList<>();
        for (String input : node.inputs()) {
            Value value = values.get(input);
            if (value == null && !input.isEmpty()) {
                new Operation(node, List.of(), 0)
                        .require(false, "uses %s, which is not defined before it", quote(input));
            }
            inputs.add(value);
        }
        Long opset = opsets.get(domain);
        Operation operation = new Operation(node, inputs, opset == null ? 0 : opset);
        operation.require(
                opset != null && (!domain.equals(STANDARD) || opset >= MIN_OPSET),
                "is of an operator set that is %s",
                opset == null ? "not listed in the file" : "older than " + MIN_OPSET);
        operation.require(!node.outputs().isEmpty(), "has no output");
        inputs.forEach(input -> memory.spend(operation, bytesOf(input)));
        Value output = domain.equals(ML)
                ? readMl(operation)
                : domain.equals(STANDARD) ? readStandard(operation) : unknown(operation);
        define(node.outputs().get(0), output);
    }

    /** The domain by its shortest name. */
    private static String domain(String name) {
        return name.equals("ai.onnx") ? STANDARD : name;
    }

    private static Value unknown(Operation operation) {
        throw operation.unsupported("");
    }

    private Value readStandard(Operation operation) {
        return switch (operation.node().operator()) {
            case "Constant" -> constantOf(operation);
            case "Identity" -> operation.input(0);
            case "Dropout" -> dropout(operation);
            case "Cast" -> cast(operation);
            case "MatMul" -> arithmetic.matMul(operation);
            case "Gemm" -> arithmetic.gemm(operation);
            case "BatchNormalization" -> arithmetic.batchNormalization(operation);
            case "Add" -> arithmetic.add(operation);
            case "Sum" -> arithmetic.sum(operation);
            case "Mean" -> arithmetic.mean(operation);
            case "Sub" -> arithmetic.subtract(operation);
            case "Mul" -> arithmetic.multiply(operation);
            case "Div" -> arithmetic.divide(operation);
            case "Max" -> arithmetic.max(operation);
            case "Sqrt" -> arithmetic.onConstant(operation, Math::sqrt);
            case "Reciprocal" -> arithmetic.reciprocal(operation);
            case "Neg" -> arithmetic.negate(operation);
            case "Sigmoid" -> arithmetic.activate(operation, Activation.SIGMOID);
            case "Tanh" -> arithmetic.activate(operation, Activation.TANH);
            case "Relu" -> arithmetic.activate(operation, Activation.RELU);
            case "LeakyRelu" -> {
                operation.requireNumber("alpha", 0.01f, 0.01f);
                yield arithmetic.activate(operation, Activation.LEAKY_RELU);
            }
            case "Elu" -> {
                operation.requireNumber("alpha", 1, 1);
                yield arithmetic.activate(operation, Activation.ELU);
            }
            case "Selu" -> {
                operation.requireNumber("alpha", 1.6732632f, 1.6732632f);
                operation.requireNumber("gamma", 1.050701f, 1.050701f);
                yield arithmetic.activate(operation, Activation.SELU);
            }
            case "Gelu" -> {
                operation.requireSupported(
                        operation.text("approximate", "none").equals("none"),
                        "its approximation by tanh differs from GELU");
                yield arithmetic.activate(operation, Activation.GELU);
            }
            case "Swish" -> {
                operation.requireNumber("alpha", 1, 1);
                yield arithmetic.activate(operation, Activation.SILU);
            }
            case "Mish" -> arithmetic.activate(operation, Activation.MISH);
            case "Softplus" -> arithmetic.activate(operation, Activation.SOFTPLUS);
            case "Exp" -> arithmetic.activate(operation, Activation.EXPONENTIAL);
            case "Softmax" -> arithmetic.softmax(operation);
            case "LogSoftmax" ->
                throw operation.unsupported("a model predicts probabilities, so end the network with Softmax instead");
            case "Erf" -> arithmetic.function(operation, Expression.Erf::new);
            case "Log" -> arithmetic.function(operation, ActivationPatterns::log);
            case "Greater" -> arithmetic.exceeds(operation);
            case "Where" -> arithmetic.where(operation);
            case "ArgMax" -> classes.argMax(operation);
            case "Concat" ->
                operation.input(0) instanceof Value.Rows ? classes.concat(operation) : shapes.concat(operation);
            case "Gather" ->
                operation.input(0) instanceof Constant
                        ? classes.names(operation, operation.input(0), operation.input(1))
                        : shapes.gather(operation);
            case "Slice" -> shapes.slice(operation);
            case "Shape" -> shapes.shape(operation);
            case "Reshape" -> shapes.reshape(operation);
            case "Flatten" -> shapes.flatten(operation);
            case "Squeeze" -> shapes.squeeze(operation);
            case "Unsqueeze" -> shapes.unsqueeze(operation);
            case "Transpose" -> shapes.transpose(operation);
            default -> unknown(operation);
        };
    }

    private Value readMl(Operation operation) {
        return switch (operation.node().operator()) {
            case "Scaler" -> arithmetic.scaler(operation);
            case "ArrayFeatureExtractor" -> classes.names(operation, operation.input(0), operation.input(1));
            case "ZipMap" -> classes.zipMap(operation);
            case "LabelEncoder" -> classes.labelEncoder(operation);
            case "Binarizer" -> classes.binarizer(operation);
            default -> unknown(operation);
        };
    }

    /** The memory of an affine function with numbers for each value, of which every operation may make another one. */
    private static long bytesOf(@Nullable Value value) {
        return value instanceof Value.Rows rows && rows.expression() instanceof Affine affine ? affine.bytes() : 0;
    }

    private Constant constantOf(Operation operation) {
        for (Map.Entry<String, OnnxAttribute> attribute :
                operation.node().attributes().entrySet()) {
            if (attribute.getKey().startsWith("value")) {
                OnnxAttribute value = attribute.getValue();
                if (value instanceof OnnxAttribute.OfTensor tensor) {
                    return constant(tensor.value());
                }
                if (value instanceof OnnxAttribute.OfFloat number) {
                    return Constant.of(number.value()).reshaped(List.of());
                }
                if (value instanceof OnnxAttribute.OfInt integer) {
                    return Constant.of(integer.value()).reshaped(List.of());
                }
                if (value instanceof OnnxAttribute.OfInts integers) {
                    return Constant.of(integers.values().stream()
                            .mapToLong(Long::longValue)
                            .toArray());
                }
            }
        }
        throw operation.unsupported("its value must be a tensor, a number or integers");
    }

    private static Value dropout(Operation operation) {
        Constant training = operation.optionalInput(2) == null ? null : operation.constant(2);
        operation.requireSupported(
                training == null || (training.size() == 1 && training.get(0) == 0), "its training mode must be off");
        return operation.input(0);
    }

    private Value cast(Operation operation) {
        ElementType type = ElementType.of((int) operation.integer("to", 0)).orElse(ElementType.UNDEFINED);
        boolean number = type == ElementType.FLOAT || type == ElementType.DOUBLE;
        Value value = operation.input(0);
        if (value instanceof Constant constant) {
            if (number && !constant.isText()) {
                memory.spend(operation, 2 * constant.bytes());
                return constant.toFloat(type == ElementType.DOUBLE);
            }
            operation.requireSupported(
                    constant.isInteger() && type == ElementType.INT64, "constants may be cast to float or double");
            return constant;
        }
        if (value instanceof Value.Rows rows) {
            operation.requireSupported(number, "numbers may be cast to float or double");
            return new Value.Rows(rows.expression(), rows.shape(), false);
        }
        return value; // indexes, names and lengths, whose type does not matter
    }
}
