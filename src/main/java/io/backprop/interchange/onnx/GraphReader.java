package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.OnnxException.quote;
import static io.backprop.interchange.onnx.OnnxException.require;

import io.backprop.engine.Activation;
import io.backprop.model.EnsembleSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
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

    private static final double TINY = Float.MIN_NORMAL;

    private static final int MIN_OPSET = 7; // earlier operators broadcast differently
    private static final int AXES_ARE_INPUTS = 13;

    private static final long FREE_BYTES = 1 << 20;
    private static final long NAME_BYTES = 64;

    private final Map<String, Long> opsets = new HashMap<>();
    private final Map<String, Value> values = new HashMap<>();
    private final long batch; // 0 if it is free
    private long bytesLeft = FREE_BYTES; // of results

    /**
     * @param batch the number of rows that the file was written for; 0 for any number
     */
    GraphReader(Map<String, Long> opsets, long batch) {
        opsets.forEach((domain, version) -> this.opsets.merge(domain(domain), version, Math::max));
        this.batch = batch;
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
        bytesLeft += 2 * constant.bytes();
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
        inputs.forEach(input -> spend(operation, bytesOf(input)));
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
            case "MatMul" -> matMul(operation);
            case "Gemm" -> gemm(operation);
            case "BatchNormalization" -> batchNormalization(operation);
            case "Add" -> add(operation);
            case "Sum" -> sum(operation);
            case "Mean" -> mean(operation);
            case "Sub" -> subtract(operation);
            case "Mul" -> multiply(operation);
            case "Div" -> divide(operation);
            case "Max" -> max(operation);
            case "Pow" -> onConstants(operation, StrictMath::pow);
            case "Sqrt" -> onConstant(operation, Math::sqrt);
            case "Reciprocal" -> reciprocal(operation);
            case "Neg" ->
                operation.input(0) instanceof Constant
                        ? onConstant(operation, x -> -x)
                        : affine(operation.rows(0), affine -> affine.times(-1));
            case "Sigmoid" -> activate(operation, Activation.SIGMOID);
            case "Tanh" -> activate(operation, Activation.TANH);
            case "Relu" -> activate(operation, Activation.RELU);
            case "LeakyRelu" -> {
                operation.requireNumber("alpha", 0.01f, 0.01f);
                yield activate(operation, Activation.LEAKY_RELU);
            }
            case "Elu" -> {
                operation.requireNumber("alpha", 1, 1);
                yield activate(operation, Activation.ELU);
            }
            case "Selu" -> {
                operation.requireNumber("alpha", 1.6732632f, 1.6732632f);
                operation.requireNumber("gamma", 1.050701f, 1.050701f);
                yield activate(operation, Activation.SELU);
            }
            case "Gelu" -> {
                operation.requireSupported(
                        operation.text("approximate", "none").equals("none"),
                        "its approximation by tanh differs from GELU");
                yield activate(operation, Activation.GELU);
            }
            case "Swish" -> {
                operation.requireNumber("alpha", 1, 1);
                yield activate(operation, Activation.SILU);
            }
            case "Mish" -> activate(operation, Activation.MISH);
            case "Softplus" -> activate(operation, Activation.SOFTPLUS);
            case "Exp" -> activate(operation, Activation.EXPONENTIAL);
            case "Softmax" -> softmax(operation);
            case "LogSoftmax" ->
                throw operation.unsupported("a model predicts probabilities, so end the network with Softmax instead");
            case "Erf" -> function(operation, Expression.Erf::new);
            case "Log" -> function(operation, ActivationPatterns::log);
            case "Greater" -> exceeds(operation);
            case "Where" -> where(operation);
            case "ArgMax" -> argMax(operation);
            case "Concat" -> concat(operation);
            case "Gather" -> gather(operation);
            case "Slice" -> slice(operation);
            case "Shape" -> shape(operation);
            case "Reshape" -> reshape(operation);
            case "Flatten" -> flatten(operation);
            case "Squeeze" -> squeeze(operation);
            case "Unsqueeze" -> unsqueeze(operation);
            case "Transpose" -> transpose(operation);
            default -> unknown(operation);
        };
    }

    private Value readMl(Operation operation) {
        return switch (operation.node().operator()) {
            case "Scaler" -> scaler(operation);
            case "ArrayFeatureExtractor" -> names(operation, operation.input(0), operation.input(1));
            case "ZipMap" -> zipMap(operation);
            case "LabelEncoder" -> labelEncoder(operation);
            case "Binarizer" -> new Value.ClassIndexes(operation.rows(0).expression(), false); // by any threshold
            default -> unknown(operation);
        };
    }

    /** The memory of an affine function with numbers for each value, of which every operation may make another one. */
    private static long bytesOf(@Nullable Value value) {
        return value instanceof Value.Rows rows && rows.expression() instanceof Affine affine ? affine.bytes() : 0;
    }

    /** Takes a part of the memory for results. */
    private void spend(Operation operation, long bytes) {
        bytesLeft -= bytes;
        operation.require(bytesLeft >= 0, "exceeds the memory for constants, of which the file has only few");
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
        boolean training = operation.optionalInput(2) instanceof Constant mode && mode.size() == 1 && mode.get(0) != 0;
        operation.requireSupported(!training, "its training mode must be off");
        return operation.input(0);
    }

    private Value cast(Operation operation) {
        ElementType type = ElementType.of((int) operation.integer("to", 0)).orElse(ElementType.UNDEFINED);
        boolean number = type == ElementType.FLOAT || type == ElementType.DOUBLE;
        Value value = operation.input(0);
        if (value instanceof Constant constant) {
            if (number && !constant.isText()) {
                spend(operation, 2 * constant.bytes());
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

    private Value matMul(Operation operation) {
        Value.Rows rows = operation.rows(0);
        return rows.with(dense(operation, rows, operation.constant(1), false));
    }

    private Value gemm(Operation operation) {
        operation.requireSupported(operation.integer("transA", 0) == 0, "transA must be 0");
        Value.Rows rows = operation.rows(0);
        boolean transposed = operation.integer("transB", 0) != 0;
        float alpha = operation.number("alpha", 1);
        float beta = operation.number("beta", 1);
        Constant weights = operation.constant(1);
        Constant biases = operation.optionalInput(2) == null ? null : operation.constant(2);
        Expression.Dense product = dense(operation, rows, weights, transposed);
        if (alpha == 1 && beta == 1 && biases != null && isVector(biases, product.width())) {
            return rows.with(new Expression.Dense(product.of(), weights, transposed, biases));
        }
        Value.Rows scaled = affine(rows.with(product), affine -> affine.times(alpha));
        if (biases == null || beta == 0) {
            return scaled;
        }
        double[] terms = perValue(operation, scaled, biases);
        Arrays.setAll(terms, i -> beta * terms[i]);
        return affine(scaled, affine -> affine.plus(terms));
    }

    /** Whether a constant has a number for each value of a row. */
    private static boolean isVector(Constant constant, int width) {
        return constant.size() == width
                && constant.rank() >= 1
                && constant.shape().get(constant.rank() - 1) == width;
    }

    private static Expression.Dense dense(Operation operation, Value.Rows rows, Constant weights, boolean transposed) {
        operation.requireSupported(rows.shape().size() == 1, "its input must have two dimensions");
        operation.requireSupported(weights.rank() == 2, "weights must have two dimensions");
        Expression.Dense dense = new Expression.Dense(rows.expression(), weights, transposed, null);
        int inputs = weights.shape().get(transposed ? 1 : 0);
        operation.require(
                inputs == rows.expression().width() && dense.width() > 0,
                "has weights for %d values, but its input has %d",
                inputs,
                rows.expression().width());
        return dense;
    }

    private Value batchNormalization(Operation operation) {
        Value.Rows rows = operation.rows(0);
        operation.requireSupported(operation.integer("training_mode", 0) == 0, "its training mode must be off");
        operation.requireSupported(rows.shape().size() == 1, "its input must have two dimensions");
        double[] scale = perValue(operation, rows, operation.constant(1));
        double[] shift = perValue(operation, rows, operation.constant(2));
        double[] mean = perValue(operation, rows, operation.constant(3));
        double[] variance = perValue(operation, rows, operation.constant(4));
        float epsilon = operation.number("epsilon", 1e-5f);
        for (int i = 0; i < variance.length; i++) {
            variance[i] = Math.sqrt(variance[i] + epsilon);
        }
        return affine(
                rows,
                affine -> affine.minus(mean).dividedBy(variance).times(scale).plus(shift));
    }

    private interface Change {
        Affine of(Affine affine);
    }

    private static Value.Rows affine(Value.Rows rows, Change change) {
        return rows.with(change.of(Affine.of(rows.expression())).simplified());
    }

    /** The numbers of a constant that an operation combines with each row: a single one, or one for each value. */
    private double[] perValue(Operation operation, Value.Rows rows, Constant constant) {
        constant.requireNumbers(operation);
        if (constant.size() == 1 && constant.rank() <= rows.shape().size() + 1) {
            return new double[] {constant.get(0)};
        }
        operation.requireSupported(
                withoutLeadingOnes(constant.shape()).equals(withoutLeadingOnes(rows.shape()))
                        && constant.rank() <= rows.shape().size() + 1,
                "a constant of the shape %s does not fit rows of the shape %s",
                constant.shape(),
                rows.shape());
        spend(operation, 4L * Double.BYTES * constant.size());
        return constant.toDoubles();
    }

    private static List<Integer> withoutLeadingOnes(List<Integer> shape) {
        int ones = 0;
        while (ones < shape.size() && shape.get(ones) == 1) {
            ones++;
        }
        return shape.subList(ones, shape.size());
    }

    private static boolean isConstant(Operation operation, int index) {
        return operation.input(index) instanceof Constant;
    }

    private Value add(Operation operation) {
        if (isConstant(operation, 0) && isConstant(operation, 1)) {
            return onConstants(operation, Double::sum);
        }
        if (!isConstant(operation, 0) && !isConstant(operation, 1)) {
            return sum(operation);
        }
        int constant = isConstant(operation, 0) ? 0 : 1;
        Value.Rows rows = operation.rows(1 - constant);
        Constant terms = operation.constant(constant);
        if (rows.expression() instanceof Expression.Dense dense
                && dense.biases() == null
                && isVector(terms, dense.width())
                && terms.rank() <= 2) {
            return rows.with(new Expression.Dense(dense.of(), dense.weights(), dense.transposed(), terms));
        }
        double[] perValue = perValue(operation, rows, terms);
        return affine(rows, affine -> affine.plus(perValue));
    }

    private static Value sum(Operation operation) {
        List<Expression> terms = new ArrayList<>();
        for (int i = 0; i < Math.max(1, operation.inputCount()); i++) {
            Value.Rows rows = operation.rows(i);
            operation.requireSupported(
                    rows.shape().equals(operation.rows(0).shape()), "its inputs must have the same shape");
            Expression expression = rows.expression();
            if (i == 0 && expression instanceof Expression.Sum sum) {
                terms.addAll(sum.terms());
            } else {
                terms.add(expression);
            }
            operation.requireSupported(
                    terms.size() <= EnsembleSpec.MAX_SIZE, "a sum is that of up to %d networks", EnsembleSpec.MAX_SIZE);
        }
        return operation.rows(0).with(terms.size() == 1 ? terms.get(0) : new Expression.Sum(terms, operation));
    }

    private static Value mean(Operation operation) {
        Value.Rows sum = (Value.Rows) sum(operation);
        return affine(sum, affine -> affine.dividedBy(operation.inputCount()));
    }

    private Value subtract(Operation operation) {
        if (isConstant(operation, 0) && isConstant(operation, 1)) {
            return onConstants(operation, (a, b) -> a - b);
        }
        if (isConstant(operation, 0)) {
            Value.Rows rows = operation.rows(1);
            double[] terms = perValue(operation, rows, operation.constant(0));
            return affine(rows, affine -> affine.times(-1).plus(terms));
        }
        Value.Rows rows = operation.rows(0);
        if (operation.input(1) instanceof Value.Rows other) {
            return rows.with(ActivationPatterns.logit(rows.expression(), other.expression(), operation)
                    .orElseThrow(() -> operation.unsupported("a difference of two values is no part of a network")));
        }
        double[] terms = perValue(operation, rows, operation.constant(1));
        return affine(rows, affine -> affine.minus(terms));
    }

    private Value multiply(Operation operation) {
        if (isConstant(operation, 0) && isConstant(operation, 1)) {
            return onConstants(operation, (a, b) -> a * b);
        }
        if (!isConstant(operation, 0) && !isConstant(operation, 1)) {
            Value.Rows rows = operation.rows(0);
            Expression product = ActivationPatterns.multiply(
                            rows.expression(), operation.rows(1).expression(), operation)
                    .orElseThrow(() -> operation.unsupported("a product of two values is no known activation"));
            return rows.with(product);
        }
        int constant = isConstant(operation, 0) ? 0 : 1;
        Value.Rows rows = operation.rows(1 - constant);
        double[] factors = perValue(operation, rows, operation.constant(constant));
        return affine(rows, affine -> affine.times(factors));
    }

    private Value divide(Operation operation) {
        if (isConstant(operation, 0) && isConstant(operation, 1)) {
            operation.requireSupported(
                    !operation.constant(0).isInteger(), "integers are divided in another way than numbers");
            return onConstants(operation, (a, b) -> a / b);
        }
        Value.Rows rows = operation.rows(0);
        double[] divisors = perValue(operation, rows, operation.constant(1));
        return affine(rows, affine -> affine.dividedBy(divisors));
    }

    private Value scaler(Operation operation) {
        Value.Rows rows = operation.rows(0);
        double[] offset = perValue(operation, rows, floats(operation, "offset", rows, 0));
        double[] scale = perValue(operation, rows, floats(operation, "scale", rows, 1));
        return affine(rows, affine -> affine.minus(offset).times(scale));
    }

    private static Constant floats(Operation operation, String name, Value.Rows rows, float otherwise) {
        List<Float> numbers = operation
                .attribute(name, OnnxAttribute.OfFloats.class)
                .map(OnnxAttribute.OfFloats::values)
                .orElse(List.of(otherwise));
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i);
        }
        boolean perValue = values.length == rows.expression().width();
        return perValue ? Constant.of(values).reshaped(rows.shape()) : Constant.of(values);
    }

    /** The maximum of a value and 0, or a number that is hardly larger, which keeps logarithms from being infinite. */
    private Value max(Operation operation) {
        if (isConstant(operation, 0)) {
            return onConstants(operation, Math::max);
        }
        Constant bound = operation.constant(1);
        operation.requireSupported(
                operation.inputCount() == 2 && bound.size() == 1 && bound.get(0) >= 0 && bound.get(0) <= TINY,
                "it is known only for the maximum of a value and 0");
        return activate(operation, Activation.RELU);
    }

    private Value reciprocal(Operation operation) {
        if (isConstant(operation, 0)) {
            return onConstant(operation, x -> 1 / x);
        }
        Value.Rows rows = operation.rows(0);
        return rows.with(ActivationPatterns.reciprocal(rows.expression(), operation)
                .orElseThrow(() -> operation.unsupported("it is known only as a part of Sigmoid")));
    }

    private Constant onConstants(Operation operation, DoubleBinaryOperator function) {
        Constant a = operation.constant(0);
        Constant b = operation.constant(1);
        operation.requireSupported(
                operation.inputCount() == 2 && !a.isInteger() && !b.isInteger(), "constants must be two floats");
        List<Integer> shape = Constant.broadcast(a.shape(), b.shape());
        if (shape == null) {
            throw operation.unsupported(
                    "constants of the shapes %s and %s do not fit each other", a.shape(), b.shape());
        }
        long size = OnnxTensor.elementCount(shape.stream().map(Long::valueOf).toList());
        spend(operation, 4 * Double.BYTES * size);
        return a.combine(b, shape, (int) size, function);
    }

    private Constant onConstant(Operation operation, DoubleUnaryOperator function) {
        Constant constant = operation.constant(0);
        operation.requireSupported(!constant.isInteger(), "its input must be a float");
        spend(operation, 3 * Double.BYTES * (long) constant.size());
        return constant.map(function);
    }

    private static Value.Rows activate(Operation operation, Activation activation) {
        Value.Rows rows = operation.rows(0);
        return rows.with(new Expression.Activated(rows.expression(), activation, operation));
    }

    private interface Function {
        Expression of(Expression argument, Operation operation);
    }

    private static Value.Rows function(Operation operation, Function function) {
        Value.Rows rows = operation.rows(0);
        return rows.with(function.of(rows.expression(), operation));
    }

    private static Value.Rows softmax(Operation operation) {
        requireLastAxis(operation, operation.rows(0), operation.opset() < AXES_ARE_INPUTS ? 1 : -1);
        return activate(operation, Activation.SOFTMAX);
    }

    /** Rejects an operation along another axis than that of the values of a row. */
    private static void requireLastAxis(Operation operation, Value.Rows rows, long otherwise) {
        long axis = operation.integer("axis", otherwise);
        operation.requireSupported(
                rows.shape().size() == 1 && (axis == 1 || axis == -1),
                "axis must be 1, but is %d of %d dimensions",
                axis,
                rows.shape().size() + 1);
    }

    private static Value.Rows exceeds(Operation operation) {
        Value.Rows rows = operation.rows(0);
        Constant threshold = operation.constant(1);
        operation.requireSupported(threshold.size() == 1, "a comparison is known only as a part of softplus");
        return rows.with(new Expression.Exceeds(rows.expression(), threshold.get(0), operation));
    }

    private static Value.Rows where(Operation operation) {
        Value.Rows rows = operation.rows(1);
        Expression selected = ActivationPatterns.select(
                operation.rows(0).expression(),
                rows.expression(),
                operation.rows(2).expression());
        operation.requireSupported(selected != null, "a selection is known only as a part of softplus");
        return rows.with(Objects.requireNonNull(selected));
    }

    private static Value argMax(Operation operation) {
        Value.Rows rows = operation.rows(0);
        requireLastAxis(operation, rows, 0);
        operation.requireSupported(
                operation.integer("select_last_index", 0) == 0, "of equal classes the first one is predicted");
        return new Value.ClassIndexes(rows.expression(), true);
    }

    private Value names(Operation operation, Value names, Value indexes) {
        if (names instanceof Constant constant && indexes instanceof Value.ClassIndexes classes) {
            requireNames(operation, classes.probabilities(), constant.size());
            return new Value.ClassNames(classes.probabilities(), constant.toTexts());
        }
        throw operation.unsupported("it is known only for names of classes");
    }

    private void requireNames(Operation operation, Expression probabilities, int names) {
        operation.require(names == probabilities.width(), "has %d names for %d classes", names, probabilities.width());
        spend(operation, NAME_BYTES * names);
    }

    private Value zipMap(Operation operation) {
        Expression probabilities = operation.rows(0).expression();
        List<String> names = operation
                .attribute("classlabels_strings", OnnxAttribute.OfStrings.class)
                .map(OnnxAttribute.OfStrings::values)
                .or(() -> operation
                        .attribute("classlabels_int64s", OnnxAttribute.OfInts.class)
                        .map(integers ->
                                integers.values().stream().map(String::valueOf).toList()))
                .orElse(List.of());
        requireNames(operation, probabilities, names.size());
        return new Value.ClassNames(probabilities, names);
    }

    private Value labelEncoder(Operation operation) {
        List<String> keys = operation.texts("keys_");
        List<String> values = operation.texts("values_");
        Expression probabilities;
        List<String> classes;
        if (operation.input(0) instanceof Value.ClassNames named) {
            probabilities = named.probabilities();
            classes = named.names();
        } else if (operation.input(0) instanceof Value.ClassIndexes indexes) {
            probabilities = indexes.probabilities();
            classes = IntStream.range(0, probabilities.width())
                    .mapToObj(String::valueOf)
                    .toList();
        } else {
            throw operation.unsupported("it is known only for names of classes");
        }
        requireNames(operation, probabilities, keys.size());
        requireNames(operation, probabilities, values.size());
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            names.put(keys.get(i), values.get(i));
        }
        operation.require(names.keySet().containsAll(classes), "has no value for a class");
        return new Value.ClassNames(
                probabilities, classes.stream().map(names::get).toList());
    }

    private static Value concat(Operation operation) {
        if (operation.input(0) instanceof Value.Rows complement && operation.inputCount() == 2) {
            Expression probability = operation.rows(1).expression();
            requireLastAxis(operation, complement, 0);
            operation.requireSupported(
                    probability.width() == 1
                            && Affine.of(complement.expression())
                                    .isEqual(Affine.of(probability).times(-1).plus(1)),
                    "it is known only for the probabilities 1 − p and p of two classes");
            return new Value.Rows(new Expression.TwoClasses(probability), List.of(2), false);
        }
        List<Long> lengths = new ArrayList<>();
        for (int i = 0; i < operation.inputCount(); i++) {
            lengths.addAll(lengths(operation, i));
            operation.requireSupported(lengths.size() <= Shapes.MAX_RANK, "it is known only for lengths of dimensions");
        }
        return new Value.Lengths(lengths, false);
    }

    /** An input that is lengths of dimensions. */
    private static List<Long> lengths(Operation operation, int index) {
        if (operation.input(index) instanceof Value.Lengths lengths) {
            return lengths.lengths();
        }
        Constant constant = operation.constant(index);
        operation.requireSupported(
                constant.isInteger() && constant.size() <= Shapes.MAX_RANK,
                "it is known only for lengths of dimensions");
        return Arrays.stream(constant.toLongs()).boxed().toList();
    }

    private Value gather(Operation operation) {
        if (operation.input(0) instanceof Constant) {
            return names(operation, operation.input(0), operation.input(1));
        }
        List<Long> lengths = lengths(operation, 0);
        List<Long> gathered = new ArrayList<>();
        for (long index : lengths(operation, 1)) {
            long fromStart = index < 0 ? index + lengths.size() : index;
            operation.requireSupported(
                    fromStart >= 0 && fromStart < lengths.size(), "its indexes must be those of dimensions");
            gathered.add(lengths.get((int) fromStart));
        }
        boolean scalar = operation.input(1) instanceof Constant index && index.rank() == 0;
        return new Value.Lengths(gathered, scalar);
    }

    private static Value slice(Operation operation) {
        List<Long> lengths = lengths(operation, 0);
        List<Long> starts = lengths(operation, 1);
        List<Long> ends = lengths(operation, 2);
        boolean simple = starts.size() == 1
                && ends.size() == 1
                && (operation.optionalInput(4) == null || lengths(operation, 4).equals(List.of(1L)));
        operation.requireSupported(simple, "it is known only for lengths of dimensions, in steps of 1");
        int start = clamp(starts.get(0), lengths.size());
        return new Value.Lengths(lengths.subList(start, Math.max(start, clamp(ends.get(0), lengths.size()))), false);
    }

    /** An index from the start or, if negative, from the end, limited to a number of elements. */
    private static int clamp(long index, int size) {
        return (int) Math.max(0, Math.min(size, index < 0 ? index + size : index));
    }

    private static Value shape(Operation operation) {
        List<Long> lengths = new ArrayList<>();
        lengths.add(Value.Lengths.ROWS);
        operation.rows(0).shape().forEach(length -> lengths.add((long) length));
        int start = clamp(operation.integer("start", 0), lengths.size());
        int end = clamp(operation.integer("end", lengths.size()), lengths.size());
        return new Value.Lengths(lengths.subList(start, Math.max(start, end)), false);
    }

    private Value reshape(Operation operation) {
        Value value = operation.input(0);
        if (value instanceof Value.ClassIndexes || value instanceof Value.ClassNames) {
            return value;
        }
        List<Long> lengths = lengths(operation, 1);
        if (value instanceof Value.Lengths vector) {
            operation.requireSupported(lengths.equals(List.of(-1L)), "lengths of dimensions may become a vector only");
            return new Value.Lengths(vector.lengths(), false);
        }
        if (value instanceof Constant constant) {
            return constant.reshaped(Shapes.resolve(operation, lengths, constant.shape(), constant.size()));
        }
        Value.Rows rows = (Value.Rows) value;
        List<Long> rest = new ArrayList<>(lengths);
        operation.requireSupported(!rest.isEmpty(), "rows must not be combined");
        long first = rest.remove(0);
        boolean keepsRows = first == Value.Lengths.ROWS || first == 0 || (first == batch && batch > 0);
        operation.requireSupported(
                keepsRows || (first == -1 && !rest.contains(-1L)), "the first length must be that of the rows");
        List<Integer> inner = new ArrayList<>(rows.shape());
        return new Value.Rows(
                rows.expression(),
                Shapes.resolve(operation, rest, inner, rows.expression().width()),
                rows.integers());
    }

    private static Value flatten(Operation operation) {
        if (operation.input(0) instanceof Value.Rows rows) {
            long axis = operation.integer("axis", 1);
            int rank = rows.shape().size() + 1;
            operation.requireSupported((axis < 0 ? axis + rank : axis) == 1, "axis must be 1, but is %d", axis);
            return new Value.Rows(rows.expression(), List.of(rows.expression().width()), rows.integers());
        }
        throw operation.unsupported("its input must be computed from the input of the graph");
    }

    private static Value squeeze(Operation operation) {
        Value value = operation.input(0);
        if (value instanceof Value.Lengths vector) {
            return new Value.Lengths(vector.lengths(), vector.lengths().size() == 1);
        }
        if (value instanceof Constant constant) {
            return constant.reshaped(Shapes.squeeze(operation, axes(operation), constant.shape()));
        }
        if (value instanceof Value.Rows rows) {
            return new Value.Rows(
                    rows.expression(), Shapes.squeezeRows(operation, axes(operation), rows.shape()), rows.integers());
        }
        return value;
    }

    private static Value unsqueeze(Operation operation) {
        Value value = operation.input(0);
        if (value instanceof Value.Lengths vector) {
            return new Value.Lengths(vector.lengths(), false);
        }
        if (value instanceof Constant constant) {
            return constant.reshaped(Shapes.unsqueeze(operation, axes(operation), constant.shape()));
        }
        if (value instanceof Value.Rows rows) {
            return new Value.Rows(
                    rows.expression(), Shapes.unsqueezeRows(operation, axes(operation), rows.shape()), rows.integers());
        }
        return value;
    }

    /** The axes of an operation, an attribute in older operator sets and an input in newer ones; empty if left out. */
    private static List<Long> axes(Operation operation) {
        if (operation.optionalInput(1) != null) {
            return lengths(operation, 1);
        }
        return operation
                .attribute("axes", OnnxAttribute.OfInts.class)
                .map(OnnxAttribute.OfInts::values)
                .orElse(List.of());
    }

    private Value transpose(Operation operation) {
        Constant constant = operation.constant(0);
        List<Long> order = operation
                .attribute("perm", OnnxAttribute.OfInts.class)
                .map(OnnxAttribute.OfInts::values)
                .orElse(List.of(1L, 0L));
        operation.requireSupported(
                constant.rank() == 2 && order.equals(List.of(1L, 0L)), "only matrices may be transposed");
        spend(operation, constant.bytes());
        return constant.transposed();
    }
}
