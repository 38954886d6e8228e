package io.backprop.engine;

import java.util.Arrays;

/** An immutable vector of floats. */
public final class Vector {

    private final float[] values;

    private Vector(float[] values) {
        this.values = values;
    }

    /**
     * Wraps an array without copying it.
     *
     * @param values must not be accessed by the caller afterwards
     */
    public static Vector wrap(float[] values) {
        return new Vector(values);
    }

    /** Copies the values. Not modified. */
    public static Vector of(float... values) {
        return new Vector(values.clone());
    }

    /** The number of values. */
    public int size() {
        return values.length;
    }

    /** The value at an index; throws an {@link IndexOutOfBoundsException} unless it exists. */
    public float get(int index) {
        return values[index];
    }

    /** Selects values by index, in the given order. */
    public Vector select(int[] indices) {
        float[] selected = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            selected[i] = values[indices[i]];
        }
        return new Vector(selected);
    }

    /** The underlying array, which must not be modified. */
    float[] values() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vector vector && Arrays.equals(values, vector.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
