package io.backprop.interchange.onnx;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/** {@code y = scale·x + shift}, with a scale and a shift for all values of a row, or for each of them. */
final class Affine implements Expression {

    private final Expression argument;
    private final double[] scale; // one element, or one for each value
    private final double[] shift;

    private Affine(Expression argument, double[] scale, double[] shift) {
        this.argument = argument;
        this.scale = scale;
        this.shift = shift;
    }

    /** An expression as an affine function of its argument, or of itself. */
    static Affine of(Expression expression) {
        return expression instanceof Affine affine
                ? affine
                : new Affine(expression, new double[] {1}, new double[] {0});
    }

    /** This function, followed by a multiplication. Not modified. */
    Affine times(double... factors) {
        return new Affine(argument, combine(scale, factors, (a, b) -> a * b), combine(shift, factors, (a, b) -> a * b));
    }

    /** This function, followed by a division. Not modified. */
    Affine dividedBy(double... divisors) {
        return new Affine(
                argument, combine(scale, divisors, (a, b) -> a / b), combine(shift, divisors, (a, b) -> a / b));
    }

    /** This function, followed by an addition. Not modified. */
    Affine plus(double... terms) {
        return new Affine(argument, scale, combine(shift, terms, Double::sum));
    }

    /** This function, followed by a subtraction. Not modified. */
    Affine minus(double... terms) {
        return new Affine(argument, scale, combine(shift, terms, (a, b) -> a - b));
    }

    /** This function, preceded by a multiplication of its argument: {@code y = scale·factor·x + shift}. */
    Affine after(double factor) {
        return new Affine(argument, combine(scale, new double[] {factor}, (a, b) -> a * b), shift);
    }

    private static double[] combine(double[] a, double[] b, DoubleBinaryOperator operator) {
        double[] combined = new double[Math.max(a.length, b.length)];
        Arrays.setAll(combined, i -> operator.applyAsDouble(a[a.length == 1 ? 0 : i], b[b.length == 1 ? 0 : i]));
        return combined;
    }

    /** The argument if this is the identity. */
    Expression simplified() {
        return isUniform(1, 0) ? argument : this;
    }

    @Override
    public int width() {
        return argument.width();
    }

    /** The x of the formula. */
    Expression argument() {
        return argument;
    }

    double scale(int column) {
        return scale[scale.length == 1 ? 0 : column];
    }

    double shift(int column) {
        return shift[shift.length == 1 ? 0 : column];
    }

    /** The size of a function with different numbers in memory; 0 if they are the same for all values. */
    long bytes() {
        long doubles = scale.length == 1 ? 0 : scale.length;
        doubles += shift.length == 1 ? 0 : shift.length;
        return doubles * Double.BYTES;
    }

    /** Whether all values have the given scale and shift. */
    boolean isUniform(double expectedScale, double expectedShift) {
        return isUniform(expectedScale, expectedShift, 0);
    }

    /** Whether all values have the given shift and, with a relative tolerance, the given scale. */
    boolean isUniform(double expectedScale, double expectedShift, double tolerance) {
        return Arrays.stream(scale)
                        .allMatch(value -> Math.abs(value - expectedScale) <= tolerance * Math.abs(expectedScale))
                && Arrays.stream(shift).allMatch(value -> value == expectedShift);
    }

    /** Whether the other function has the same values. */
    boolean isEqual(Affine other) {
        return argument == other.argument && Arrays.equals(scale, other.scale) && Arrays.equals(shift, other.shift);
    }

    /** Whether all scales are positive and finite, and all shifts are finite. */
    boolean isIncreasing() {
        return Arrays.stream(scale).allMatch(value -> value > 0 && Double.isFinite(value) && Double.isFinite(1 / value))
                && Arrays.stream(shift).allMatch(Double::isFinite);
    }

    /** The number r for which {@code other = r·this}; NaN if there is none with the given relative tolerance. */
    double ratio(Affine other, double tolerance) {
        if (argument != other.argument) {
            return Double.NaN;
        }
        double ratio = other.scale(0) / scale(0);
        boolean holds =
                isMultiple(other.scale, scale, ratio, tolerance) && isMultiple(other.shift, shift, ratio, tolerance);
        return holds ? ratio : Double.NaN;
    }

    private static boolean isMultiple(double[] a, double[] b, double ratio, double tolerance) {
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            double expected = ratio * b[b.length == 1 ? 0 : i];
            if (!(Math.abs(a[a.length == 1 ? 0 : i] - expected) <= tolerance * Math.abs(expected))) {
                return false;
            }
        }
        return true;
    }
}
