package io.backprop.tabular;

import java.util.List;
import java.util.stream.Stream;

/** A column that a model learns from, and its encoding as inputs of the network. */
public sealed interface Feature {

    /** The name of the column. */
    String name();

    /** The name of the column and those of its categories. */
    default Stream<String> names() {
        return Stream.of(name());
    }

    ColumnType type();

    /** Number of inputs. */
    int width();

    /**
     * Numbers, scaled to mean 0 and standard deviation 1. A missing value is replaced by the mean, which is 0.
     *
     * @param dates whether the cells are dates in ISO 8601, which count as days since 1970
     */
    record Numeric(String name, ColumnScaling scale, boolean dates) implements Feature {
        @Override
        public ColumnType type() {
            return ColumnType.NUMERIC;
        }

        @Override
        public int width() {
            return 1;
        }
    }

    /**
     * Categories, one-hot encoded: 1 in the input of the category, else 0. All inputs of an unknown category are 0.
     *
     * @param categories in order of first appearance
     * @param missing whether missing values have an input, after the others; else all inputs are 0
     */
    record Categorical(String name, List<String> categories, boolean missing) implements Feature {

        public Categorical {
            categories = List.copyOf(categories);
        }

        @Override
        public Stream<String> names() {
            return Stream.concat(Stream.of(name), categories.stream());
        }

        @Override
        public ColumnType type() {
            return ColumnType.CATEGORICAL;
        }

        @Override
        public int width() {
            return categories.size() + (missing ? 1 : 0);
        }
    }
}
