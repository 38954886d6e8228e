package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.OnnxException.quote;
import static io.backprop.interchange.onnx.OnnxException.require;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.interchange.onnx.OnnxValue.Dimension;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads graphs that other programs made as models: a chain of dense layers from one input of numbers to one output, as PyTorch,
 * Keras and scikit-learn export it.
 *
 * <ul>
 *   <li>A layer is Gemm, or MatMul and Add, followed by an activation. Parameters keep their bits.
 *   <li>Numbers that are subtracted, divided or the like before the first layer become a standardization of the inputs, and
 *       those after the last layer a scaling of the targets. Elsewhere, as with BatchNormalization, they are folded into the
 *       parameters of a layer.
 *   <li>Softmax and sigmoid outputs make a classification, whose classes may have names; others a regression.
 *   <li>The average of several networks is an ensemble, and logits of the output may be divided by a temperature.
 * </ul>
 *
 * <p>Anything else is rejected, with the operator and the node in the message.
 */
public final class OnnxImporter {
    /*
     * GraphReader computes the graph node by node, with an Expression in place of the numbers of each value, and constants
     * at once. Converters compose the same network of different operators; simplifying each expression as it is made gives
     * the same one for all of them. ModelBuilder then takes scaling, layers and temperature from the expression of the
     * output. Nothing as large as the parameters is allocated before their number is checked.
     */

    private static final int MAX_LISTED = 5; // names in a message

    private final RequestLimits limits;
    private final MemoryBudget memory;

    public OnnxImporter(RequestLimits limits, MemoryBudget memory) {
        this.limits = limits;
        this.memory = memory;
    }

    /**
     * Reads a model.
     *
     * @throws OnnxException if it can't be represented
     * @throws io.backprop.limits.LimitExceededException if it is larger than the limits allow
     */
    public ImportedModel read(OnnxModel model) {
        try {
            return readGraph(model);
        } catch (InvalidArgumentException | InvalidInputException e) { // the layers or classes do not fit each other
            throw new OnnxException(String.valueOf(e.getMessage()));
        }
    }

    private ImportedModel readGraph(OnnxModel model) {
        OnnxGraph graph = model.graph();
        Set<String> constants =
                graph.initializers().stream().map(OnnxTensor::name).collect(Collectors.toSet());
        List<OnnxValue> inputs = graph.inputs().stream()
                .filter(value -> !constants.contains(value.name()))
                .toList();
        require(
                inputs.size() == 1,
                "the graph must have one input, a matrix of one column per feature, but has %s",
                listed(inputs));
        OnnxValue input = inputs.get(0);
        List<Integer> shape = rowShape(input);
        GraphReader reader = new GraphReader(model.opsets(), fixedRows(input));
        graph.initializers().forEach(reader::define);
        int width = shape.stream().reduce(1, Math::multiplyExact);
        reader.define(
                input.name(),
                new Value.Rows(
                        new Expression.Input(width), shape, input.elementType().isInteger()));
        graph.nodes().forEach(reader::read);
        return build(graph.outputs(), reader);
    }

    private static String listed(List<OnnxValue> values) {
        String names = values.stream()
                .limit(MAX_LISTED)
                .map(value -> quote(value.name()))
                .collect(Collectors.joining(", "));
        return values.isEmpty() ? "none" : "%d: %s".formatted(values.size(), names);
    }

    /** The lengths of the dimensions of an input after the first one, which is that of the rows. */
    private static List<Integer> rowShape(OnnxValue input) {
        ElementType type = input.elementType();
        boolean numbers = type.isInteger()
                || type == ElementType.FLOAT
                || type == ElementType.DOUBLE
                || type == ElementType.FLOAT16
                || type == ElementType.BFLOAT16;
        require(numbers, "input %s must have a numeric type, but has %s", quote(input.name()), type);
        List<Dimension> dimensions = dimensions(input);
        require(
                dimensions.size() >= 2 && dimensions.size() <= Shapes.MAX_RANK,
                "input %s must have from 2 to %d dimensions, of which the first is that of the rows",
                quote(input.name()),
                Shapes.MAX_RANK);
        List<Integer> lengths = new ArrayList<>();
        long width = 1;
        for (Dimension dimension : dimensions.subList(1, dimensions.size())) {
            long length = dimension instanceof Dimension.Fixed fixed ? fixed.length() : 0;
            width = length > 0 && length <= Integer.MAX_VALUE ? width * length : 0;
            require(
                    width > 0 && width <= Integer.MAX_VALUE,
                    "input %s must have a fixed number of values per row",
                    quote(input.name()));
            lengths.add((int) length);
        }
        return lengths;
    }

    /** The number of rows that an input is fixed to; 0 for any number. */
    private static long fixedRows(OnnxValue input) {
        return dimensions(input).get(0) instanceof Dimension.Fixed fixed ? Math.max(0, fixed.length()) : 0;
    }

    private static List<Dimension> dimensions(OnnxValue value) {
        return value.shape() == null ? List.of() : value.shape();
    }

    /** Builds the model of the outputs, which must all be of the same predictions. */
    private ImportedModel build(List<OnnxValue> outputs, GraphReader reader) {
        Expression predictions = null;
        boolean exclusive = false;
        List<String> names = null;
        for (OnnxValue output : outputs) {
            Value value = reader.get(output.name());
            Expression of;
            if (value instanceof Value.Rows rows) {
                of = rows.expression();
            } else if (value instanceof Value.ClassIndexes classes) {
                of = classes.probabilities();
                exclusive |= classes.exclusive();
            } else if (value instanceof Value.ClassNames classes) {
                of = classes.probabilities();
                require(
                        names == null || names.equals(classes.names()),
                        "output %s has other names of classes than another output",
                        quote(output.name()));
                names = classes.names();
                exclusive = true;
            } else {
                throw new OnnxException("output %s must be computed from the input".formatted(quote(output.name())));
            }
            if (of instanceof Expression.TwoClasses both) {
                exclusive = true;
                of = both.probability();
            }
            require(
                    predictions == null || predictions == of,
                    "the graph must have one output, besides the label of a classification, but has %s",
                    listed(outputs));
            predictions = of;
        }
        if (predictions == null) {
            throw new OnnxException("the graph must have an output, but has none");
        }
        return new ModelBuilder(predictions, exclusive, names, limits).build(memory);
    }
}
