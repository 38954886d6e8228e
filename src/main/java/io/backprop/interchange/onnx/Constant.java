package io.backprop.interchange.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A tensor that does not depend on the input of the graph. Immutable. */
final class Constant implements Value {

    private final List<Integer> shape;
    private final int size;
    private final Object elements; // float[], double[], long[] or List<String>, in row-major order

    private Constant(List<Integer> shape, int size, Object elements) {
        this.shape = List.copyOf(shape);
        this.size = size;
        this.elements = elements;
    }

    static Constant of(OnnxTensor tensor) {
        List<Integer> shape = tensor.dimensions().stream().map(Math::toIntExact).toList();
        int size = (int) OnnxTensor.elementCount(tensor.dimensions());
        return switch (tensor.elementType()) {
            case FLOAT -> new Constant(shape, size, tensor.floats());
            case DOUBLE -> new Constant(shape, size, tensor.doubles());
            case STRING -> new Constant(shape, size, tensor.strings());
            default -> new Constant(shape, size, tensor.integers());
        };
    }

    /** A vector of integers. Not copied. */
    static Constant of(long... elements) {
        return new Constant(List.of(elements.length), elements.length, elements);
    }

    /** A vector of floats. Not copied. */
    static Constant of(float... elements) {
        return new Constant(List.of(elements.length), elements.length, elements);
    }

    /** The length of each dimension. */
    List<Integer> shape() {
        return shape;
    }

    int size() {
        return size;
    }

    int rank() {
        return shape.size();
    }

    boolean isText() {
        return elements instanceof List;
    }

    boolean isInteger() {
        return elements instanceof long[];
    }

    /** Whether elements are numbers of double precision. */
    boolean isDouble() {
        return elements instanceof double[];
    }

    /** An element of a numeric constant. */
    double get(int i) {
        if (elements instanceof float[] floats) {
            return floats[i];
        }
        return elements instanceof double[] doubles ? doubles[i] : ((long[]) elements)[i];
    }

    /** All elements of a numeric constant. */
    double[] toDoubles() {
        double[] values = new double[size];
        Arrays.setAll(values, this::get);
        return values;
    }

    /** All elements of an integer constant. */
    long[] toLongs() {
        return ((long[]) elements).clone();
    }

    /** All elements as text. */
    List<String> toTexts() {
        if (elements instanceof List<?> texts) {
            return texts.stream().map(String.class::cast).toList();
        }
        return IntStream.range(0, size)
                .mapToObj(i -> isInteger() ? String.valueOf(((long[]) elements)[i]) : String.valueOf(get(i)))
                .toList();
    }

    /** The size of this constant in memory, without that of text. */
    long bytes() {
        return (long) size * (elements instanceof float[] ? Float.BYTES : Double.BYTES);
    }

    /**
     * Copies the elements of a matrix of numbers as floats.
     *
     * @param transposed whether the columns of the matrix become rows
     * @param to receives them from {@code offset}. Modified.
     */
    void copyTo(float[] to, int offset, boolean transposed) {
        if (!transposed) {
            for (int i = 0; i < size; i++) {
                to[offset + i] = (float) get(i);
            }
            return;
        }
        int rows = shape.get(0);
        int columns = shape.get(1);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to[offset + column * rows + row] = (float) get(row * columns + column);
            }
        }
    }

    /** The same elements in another shape of the same size. */
    Constant reshaped(List<Integer> other) {
        return new Constant(other, size, elements);
    }

    /** A matrix of numbers whose rows and columns are exchanged. */
    Constant transposed() {
        int rows = shape.get(0);
        int columns = shape.get(1);
        List<Integer> exchanged = List.of(columns, rows);
        if (elements instanceof float[] floats) {
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = floats[i % rows * columns + i / rows];
            }
            return new Constant(exchanged, size, values);
        }
        double[] values = new double[size];
        Arrays.setAll(values, i -> get(i % rows * columns + i / rows));
        return new Constant(exchanged, size, values);
    }

    /** These integers or floats as floats, or doubles. */
    Constant toFloat(boolean doubles) {
        if (doubles) {
            return isDouble() ? this : new Constant(shape, size, toDoubles());
        }
        if (elements instanceof float[]) {
            return this;
        }
        float[] values = new float[size];
        copyTo(values, 0, false);
        return new Constant(shape, size, values);
    }

    /** Applies a function to each number. */
    Constant map(DoubleUnaryOperator function) {
        double[] values = new double[size];
        Arrays.setAll(values, i -> function.applyAsDouble(get(i)));
        return withNumbers(shape, values, isDouble());
    }

    /** The shape of the result of an elementwise operation; null if the shapes do not fit each other. */
    static @Nullable List<Integer> broadcast(List<Integer> a, List<Integer> b) {
        List<Integer> shape = new ArrayList<>();
        for (int fromEnd = 1; fromEnd <= Math.max(a.size(), b.size()); fromEnd++) {
            int lengthOfA = fromEnd <= a.size() ? a.get(a.size() - fromEnd) : 1;
            int lengthOfB = fromEnd <= b.size() ? b.get(b.size() - fromEnd) : 1;
            if (lengthOfA != lengthOfB && lengthOfA != 1 && lengthOfB != 1) {
                return null;
            }
            shape.add(lengthOfA == 1 ? lengthOfB : lengthOfA);
        }
        Collections.reverse(shape);
        return shape;
    }

    /**
     * Applies a function to each pair of numbers.
     *
     * @param result the shape of {@link #broadcast}
     * @param length the number of its elements
     */
    Constant combine(Constant other, List<Integer> result, int length, DoubleBinaryOperator function) {
        double[] values = new double[length];
        int[] mine = sources(result, length);
        int[] others = other.sources(result, length);
        Arrays.setAll(values, i -> function.applyAsDouble(get(mine[i]), other.get(others[i])));
        return withNumbers(result, values, isDouble() || other.isDouble());
    }

    private static Constant withNumbers(List<Integer> shape, double[] values, boolean doubles) {
        return new Constant(shape, values.length, values).toFloat(doubles);
    }

    /** The index of the element of this constant for each element of a shape that it is broadcast to. */
    private int[] sources(List<Integer> result, int length) {
        int[] sources = new int[length];
        int stride = 1; // of this constant
        int period = 1; // of the result
        for (int fromEnd = 1; fromEnd <= rank(); fromEnd++) {
            int own = shape.get(rank() - fromEnd);
            int wide = result.get(result.size() - fromEnd);
            if (own > 1) {
                for (int i = 0; i < length; i++) {
                    sources[i] += i / period % wide * stride;
                }
            }
            stride *= own;
            period *= wide;
        }
        return sources;
    }

    /** Rejects a constant that does not consist of numbers. */
    void requireNumbers(Operation operation) {
        operation.require(!isText(), "has text in place of numbers");
    }
}
