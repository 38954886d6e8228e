package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The expected predictions of rows: numbers, or names of classes. */
public sealed interface Targets {

    int rows();

    /**
     * One row of numbers per example.
     *
     * @param list whether they were sent as a list with one number per example, which may be a class code
     */
    record Numbers(Matrix values, boolean list) implements Targets {

        private static final int MAX_CODE = 1 << 24; // larger integers are not exact in a float

        /** Most distinct integers that probably are classes. */
        private static final int MAX_LIKELY_CLASSES = 20;

        private static final int MIN_ROWS_PER_LIKELY_CLASS = 2;

        public Numbers(Matrix values) {
            this(values, false);
        }

        @Override
        public int rows() {
            return values.rows();
        }

        /** The names of the classes if these numbers are a list of class codes, which are integers. */
        public Optional<Labels> codes() {
            if (!list || !IntStream.range(0, rows()).allMatch(row -> isCode(values.get(row, 0)))) {
                return Optional.empty();
            }
            Map<Integer, String> names = new HashMap<>(); // one String per class, however many rows
            String[] labels = new String[rows()];
            Arrays.setAll(labels, row -> names.computeIfAbsent((int) values.get(row, 0), String::valueOf));
            return Optional.of(new Labels(Arrays.asList(labels)));
        }

        /** Whether a number is an integer that may be the code of a class. */
        static boolean isCode(float value) {
            return Math.abs(value) <= MAX_CODE && value == (int) value;
        }

        /** The number of distinct values, if they probably are class codes: a few integers that repeat. */
        public OptionalInt likelyClasses() {
            if (values.columns() > 1) {
                return OptionalInt.empty();
            }
            int count = likelyClasses(rows(), row -> values.get(row, 0), rows());
            return count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
        }

        /**
         * The number of distinct values, if they probably are class codes; else 0.
         *
         * @param number by index, all values at least once
         * @param rows number of rows that have a value
         */
        static int likelyClasses(int numbers, IntToDoubleFunction number, long rows) {
            Set<Float> distinct = new HashSet<>();
            for (int i = 0; i < numbers && distinct.size() <= MAX_LIKELY_CLASSES; i++) {
                float value = (float) number.applyAsDouble(i);
                if (!isCode(value)) {
                    return 0;
                }
                distinct.add(value + 0f); // turns −0 into 0
            }
            int count = distinct.size();
            boolean likely =
                    count >= 2 && count <= MAX_LIKELY_CLASSES && rows >= (long) MIN_ROWS_PER_LIKELY_CLASS * count;
            return likely ? count : 0;
        }
    }

    /** One class name per example; booleans are {@code "false"} and {@code "true"}, codes are written as integers. */
    record Labels(List<String> names) implements Targets {

        public Labels {
            names = List.copyOf(names);
        }

        @Override
        public int rows() {
            return names.size();
        }
    }
}
