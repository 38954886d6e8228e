package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.List;

/** The expected predictions of rows: numbers, or names of classes. */
public sealed interface Targets {

    int rows();

    /** One row of numbers per example. */
    record Numbers(Matrix values) implements Targets {
        @Override
        public int rows() {
            return values.rows();
        }
    }

    /** One class name per example; booleans are {@code "false"} and {@code "true"}. */
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
