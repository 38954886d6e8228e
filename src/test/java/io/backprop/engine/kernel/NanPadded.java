package io.backprop.engine.kernel;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/** A range of values between NaNs, which reveal any read or write outside of the range. */
final class NanPadded {

    private static final int FRAME = 40;

    final float[] array;
    final int offset;
    final int length;

    private NanPadded(int length, int shift) {
        this.array = new float[FRAME + shift + length + FRAME];
        this.offset = FRAME + shift;
        this.length = length;
        Arrays.fill(array, Float.NaN);
    }

    /** Random values from −8 to 8, some of them 0 and −0. */
    static NanPadded random(int length, int shift, RandomGenerator random) {
        return new NanPadded(length, shift).fill(i -> switch (random.nextInt(20)) {
            case 0 -> 0.0;
            case 1 -> -0.0;
            default -> random.nextDouble(-8, 8);
        });
    }

    static NanPadded of(float... values) {
        return new NanPadded(values.length, 0).fill(i -> values[(int) i]);
    }

    NanPadded copy() {
        NanPadded copy = new NanPadded(length, offset - FRAME);
        System.arraycopy(array, 0, copy.array, 0, array.length);
        return copy;
    }

    float get(int i) {
        return array[offset + i];
    }

    /** The bits of all values, including the frame, with canonical NaNs. */
    int[] bits() {
        int[] bits = new int[array.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(array[i]);
        }
        return bits;
    }

    NanPadded fill(DoubleUnaryOperator valueAt) {
        for (int i = 0; i < length; i++) {
            array[offset + i] = (float) valueAt.applyAsDouble(i);
        }
        return this;
    }
}
