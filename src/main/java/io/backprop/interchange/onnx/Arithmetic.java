package io.backprop.interchange.onnx;

import io.backprop.engine.Activation;
import io.backprop.model.EnsembleSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Operators that compute numbers: of layers and activations, and elementwise ones on constants and on rows. */
final class Arithmetic {

    private static final double TINY = Float.MIN_NORMAL;

    private static final int LAST_AXIS_BY_DEFAULT = 13; // opset of Softmax

    private final ResultMemory memory;

    Arithmetic(ResultMemory memory) {
        this.memory = memory;
    }

    Value matMul(Operation operation) {
        Value.Rows rows = operation.rows(0);
        return rows.with(dense(operation, rows, operation.constant(1), false));
    }

    Value gemm(Operation operation) {
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

    Value batchNormalization(Operation operation) {
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
        memory.spend(operation, 4L * Double.BYTES * constant.size());
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

    Value add(Operation operation) {
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

    Value.Rows sum(Operation operation) {
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

    Value mean(Operation operation) {
        Value.Rows sum = sum(operation);
        return affine(sum, affine -> affine.dividedBy(operation.inputCount()));
    }

    Value subtract(Operation operation) {
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

    Value multiply(Operation operation) {
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

    Value divide(Operation operation) {
        if (isConstant(operation, 0) && isConstant(operation, 1)) {
            operation.requireSupported(
                    !operation.constant(0).isInteger(), "integers are divided in another way than numbers");
            return onConstants(operation, (a, b) -> a / b);
        }
        Value.Rows rows = operation.rows(0);
        double[] divisors = perValue(operation, rows, operation.constant(1));
        return affine(rows, affine -> affine.dividedBy(divisors));
    }

    Value scaler(Operation operation) {
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
    Value max(Operation operation) {
        if (isConstant(operation, 0)) {
            return onConstants(operation, Math::max);
        }
        Constant bound = operation.constant(1);
        operation.requireSupported(
                operation.inputCount() == 2 && bound.size() == 1 && bound.get(0) >= 0 && bound.get(0) <= TINY,
                "it is known only for the maximum of a value and 0");
        return activate(operation, Activation.RELU);
    }

    Value negate(Operation operation) {
        return operation.input(0) instanceof Constant
                ? onConstant(operation, x -> -x)
                : affine(operation.rows(0), affine -> affine.times(-1));
    }

    Value reciprocal(Operation operation) {
        if (isConstant(operation, 0)) {
            return onConstant(operation, x -> 1 / x);
        }
        Value.Rows rows = operation.rows(0);
        return rows.with(ActivationPatterns.reciprocal(rows.expression(), operation)
                .orElseThrow(() -> operation.unsupported("it is known only as a part of Sigmoid")));
    }

    Constant onConstants(Operation operation, DoubleBinaryOperator function) {
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
        memory.spend(operation, 4 * Double.BYTES * size);
        return a.combine(b, shape, (int) size, function);
    }

    Constant onConstant(Operation operation, DoubleUnaryOperator function) {
        Constant constant = operation.constant(0);
        operation.requireSupported(!constant.isInteger(), "its input must be a float");
        memory.spend(operation, 3 * Double.BYTES * (long) constant.size());
        return constant.map(function);
    }

    Value.Rows activate(Operation operation, Activation activation) {
        Value.Rows rows = operation.rows(0);
        return rows.with(new Expression.Activated(rows.expression(), activation, operation));
    }

    /** A function whose expression records the operation that computes it. */
    interface Function {
        Expression of(Expression argument, Operation operation);
    }

    Value.Rows function(Operation operation, Function function) {
        Value.Rows rows = operation.rows(0);
        return rows.with(function.of(rows.expression(), operation));
    }

    Value.Rows softmax(Operation operation) {
        operation.requireLastAxis(operation.rows(0), operation.opset() < LAST_AXIS_BY_DEFAULT ? 1 : -1);
        return activate(operation, Activation.SOFTMAX);
    }

    Value.Rows exceeds(Operation operation) {
        Value.Rows rows = operation.rows(0);
        Constant threshold = operation.constant(1);
        operation.requireSupported(threshold.size() == 1, "a comparison is known only as a part of softplus");
        return rows.with(new Expression.Exceeds(rows.expression(), threshold.get(0), operation));
    }

    Value.Rows where(Operation operation) {
        Value.Rows rows = operation.rows(1);
        Expression selected = ActivationPatterns.select(
                operation.rows(0).expression(),
                rows.expression(),
                operation.rows(2).expression());
        operation.requireSupported(selected != null, "a selection is known only as a part of softplus");
        return rows.with(Objects.requireNonNull(selected));
    }
}
