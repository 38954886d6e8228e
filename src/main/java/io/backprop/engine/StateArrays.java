package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.List;
import java.util.stream.Stream;

/** The arrays in which a training keeps its state between two steps, besides the parameters of the network. */
final class StateArrays {

    private final List<float[]> arrays;

    /** @param arrays the steps of the training modify them */
    StateArrays(float[]... arrays) {
        this(List.of(arrays));
    }

    private StateArrays(List<float[]> arrays) {
        this.arrays = arrays;
    }

    /** These arrays, then the others. */
    StateArrays and(StateArrays others) {
        return new StateArrays(
                Stream.concat(arrays.stream(), others.arrays.stream()).toList());
    }

    private int length() {
        return arrays.stream().mapToInt(array -> array.length).sum();
    }

    /** A copy of all values, one array after the other. */
    float[] copy() {
        float[] copy = new float[length()];
        int offset = 0;
        for (float[] array : arrays) {
            System.arraycopy(array, 0, copy, offset, array.length);
            offset += array.length;
        }
        return copy;
    }

    /** Restores the values of a {@link #copy}. Not modified. */
    void restore(float[] copy) {
        requireArgument(
                copy.length == length(), "optimizerState must have %d values, but has %d", length(), copy.length);
        int offset = 0;
        for (float[] array : arrays) {
            System.arraycopy(copy, offset, array, 0, array.length);
            offset += array.length;
        }
    }
}
