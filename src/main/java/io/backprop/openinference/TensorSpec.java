package io.backprop.openinference;

import java.util.List;

/**
 * What a model takes or returns under a name.
 *
 * @param shape the dimensions; {@value #ANY} for any number
 */
public record TensorSpec(String name, DataType dataType, List<Long> shape) {

    /** A dimension that a request determines: the number of rows. */
    public static final long ANY = -1;

    public TensorSpec {
        shape = List.copyOf(shape);
    }

    /** One value per row. */
    static TensorSpec column(String name, DataType dataType) {
        return new TensorSpec(name, dataType, List.of(ANY));
    }

    /** Rows of numbers. */
    static TensorSpec matrix(String name, long columns) {
        return new TensorSpec(name, DataType.FP32, List.of(ANY, columns));
    }
}
