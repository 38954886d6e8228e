package io.backprop.training;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/** Numbers that are added one after another, and then never change. */
final class DoubleList {

    private static final int FIRST_CAPACITY = 16;

    private double[] numbers;
    private int size;

    DoubleList(double... numbers) {
        this.numbers = numbers.clone();
        this.size = numbers.length;
    }

    /** So many that nothing is known of. */
    static DoubleList unknown(int size) {
        double[] numbers = new double[size];
        Arrays.fill(numbers, Double.NaN);
        return new DoubleList(numbers);
    }

    void add(double value) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(FIRST_CAPACITY, 2 * size));
        }
        numbers[size++] = value;
    }

    int size() {
        return size;
    }

    /** A copy of the first so many. */
    DoubleList first(int count) {
        return new DoubleList(Arrays.copyOf(numbers, count));
    }

    /** All so far, uncopied. */
    List<Double> all() {
        return new Fixed(numbers, size);
    }

    /** So many of those so far, evenly thinned, the last one among them. */
    List<Double> thinned(int count) {
        List<Double> thinned = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            thinned.add(numbers[(int) ((long) i * size / count) - 1]);
        }
        return thinned;
    }

    /** The first numbers of an array; there they stay, also when the others are added. */
    private static final class Fixed extends AbstractList<Double> implements RandomAccess {

        private final double[] numbers;
        private final int size;

        Fixed(double[] numbers, int size) {
            this.numbers = numbers;
            this.size = size;
        }

        @Override
        public Double get(int index) {
            return numbers[Objects.checkIndex(index, size)];
        }

        @Override
        public int size() {
            return size;
        }
    }
}
