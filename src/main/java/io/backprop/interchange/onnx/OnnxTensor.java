package io.backprop.interchange.onnx;

import java.util.List;
import java.util.stream.Collectors;

/** A constant, {@code TensorProto}, with elements in row-major order. Floats of 16 bits and complex numbers have no class. */
public final class OnnxTensor {
    /* Arrays are not copied, because those of parameters are large. */

    private static final long TOO_MANY = 1L << 31; // elements for an array

    private final String name;
    private final ElementType elementType;
    private final List<Long> dimensions;
    private final Object elements; // float[], double[], long[] or List<String>, according to the type

    private OnnxTensor(String name, ElementType elementType, List<Long> dimensions, Object elements, int count) {
        this.name = name;
        this.elementType = elementType;
        this.dimensions = List.copyOf(dimensions);
        this.elements = elements;
        if (elementCount(dimensions) != count) {
            throw new IllegalArgumentException(
                    "tensor \"%s\" must have as many elements as its dimensions %s, but has %d"
                            .formatted(name, shape(), count));
        }
    }

    /** A tensor of type {@link ElementType#FLOAT}. The array must not be modified afterwards. */
    static OnnxTensor ofFloats(String name, List<Long> dimensions, float[] elements) {
        return new OnnxTensor(name, ElementType.FLOAT, dimensions, elements, elements.length);
    }

    /** A tensor of type {@link ElementType#DOUBLE}. The array must not be modified afterwards. */
    static OnnxTensor ofDoubles(String name, List<Long> dimensions, double[] elements) {
        return new OnnxTensor(name, ElementType.DOUBLE, dimensions, elements, elements.length);
    }

    /** A tensor of a type of integers. The array must not be modified afterwards. */
    static OnnxTensor ofIntegers(String name, ElementType elementType, List<Long> dimensions, long[] elements) {
        if (!elementType.isInteger()) {
            throw new IllegalArgumentException(
                    "tensor \"%s\" must have a type of integers, but has %s".formatted(name, elementType));
        }
        return new OnnxTensor(name, elementType, dimensions, elements, elements.length);
    }

    /** A tensor of type {@link ElementType#STRING}. */
    static OnnxTensor ofStrings(String name, List<Long> dimensions, List<String> elements) {
        return new OnnxTensor(name, ElementType.STRING, dimensions, List.copyOf(elements), elements.size());
    }

    /**
     * The number of elements of a tensor, or more than an array can have if it is larger than that.
     *
     * @throws IllegalArgumentException if a dimension is negative
     */
    static long elementCount(List<Long> dimensions) {
        long count = 1;
        for (long dimension : dimensions) {
            if (dimension < 0) {
                throw new IllegalArgumentException("dimensions must be at least 0, but one is " + dimension);
            }
            count = Math.min(TOO_MANY, count * Math.min(TOO_MANY, dimension));
        }
        return count;
    }

    public String name() {
        return name;
    }

    public ElementType elementType() {
        return elementType;
    }

    public List<Long> dimensions() {
        return dimensions;
    }

    /** The dimensions for messages, such as {@code 3 × 4}. */
    String shape() {
        return dimensions.stream().map(String::valueOf).collect(Collectors.joining(" × ", "[", "]"));
    }

    /** The elements of a tensor of type {@link ElementType#FLOAT}, which must not be modified. */
    public float[] floats() {
        return (float[]) elements;
    }

    /** The elements of a tensor of type {@link ElementType#DOUBLE}, which must not be modified. */
    public double[] doubles() {
        return (double[]) elements;
    }

    /** The elements of a tensor of integers, which must not be modified. */
    public long[] integers() {
        return (long[]) elements;
    }

    /** The elements of a tensor of type {@link ElementType#STRING}. */
    @SuppressWarnings("unchecked")
    public List<String> strings() {
        return (List<String>) elements;
    }
}
