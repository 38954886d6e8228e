package io.backprop.openinference;

import io.backprop.engine.Matrix;
import java.util.List;

/** A tensor of a response. */
public sealed interface InferenceOutput {

    String name();

    List<Integer> shape();

    /** Whether its data is returned in binary. */
    boolean binary();

    /** Numbers, of type {@link DataType#FP32}. */
    record Numbers(String name, Matrix values, boolean binary) implements InferenceOutput {
        @Override
        public List<Integer> shape() {
            return List.of(values.rows(), values.columns());
        }
    }

    /**
     * Texts, of type {@link DataType#BYTES}.
     *
     * @param values in row-major order
     */
    record Texts(String name, List<Integer> shape, List<String> values, boolean binary) implements InferenceOutput {}
}
