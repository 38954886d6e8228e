package io.backprop.engine;

import java.util.Arrays;

/** An immutable row of numbers. */
public final class Vector {

    private final float[] values;

    private Vector(float[] values) {
        this.values = values;
    }

    /** A vector over the given array, which now belongs to it: the caller must not touch it again. */
    public static Vector wrap(float[] values) {
        return new Vector(values);
    }

    /** A copy of the given numbers. */
    public static Vector of(float... values) {
        return new Vector(values.clone());
    }

    public int size() {
        return values.length;
    }

    public float get(int index) {
        return values[index];
    }

    /** The numbers in the given places, in the given order. */
    public Vector select(int[] places) {
        float[] selected = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            selected[i] = values[places[i]];
        }
        return new Vector(selected);
    }

    /** The numbers themselves, for the engine's loops. Not modified by anyone. */
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
