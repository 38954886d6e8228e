package io.backprop.tabular;

import java.util.List;
import java.util.stream.Stream;

/** A column that a model learns from, and how it becomes numbers. */
public sealed interface Feature {

    /** Of the column. */
    String name();

    /** That of the column, and the words in it. */
    default Stream<String> names() {
        return Stream.of(name());
    }

    /** What the column is taken for. */
    ColumnType type();

    /** Inputs of the network that the column becomes. */
    int width();

    /** The same column with numbers as they are. */
    Feature unscaled();

    /**
     * Numbers, scaled to mean 0 and deviation 1; a gap becomes the mean, which is 0.
     *
     * @param dates whether the cells are dates in ISO 8601, which count as days since 1970
     */
    record Numeric(String name, Scale scale, boolean dates) implements Feature {
        @Override
        public ColumnType type() {
            return ColumnType.NUMERIC;
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public Feature unscaled() {
            return new Numeric(name, new Scale(0, 1), dates);
        }
    }

    /**
     * Words: 1 in the place of the word, else 0. A word that is none of these leaves all places 0.
     *
     * @param categories in order of first appearance
     * @param gaps whether gaps have a place of their own, after the others; else they leave all places 0
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

        @Override
        public Feature unscaled() {
            return this;
        }
    }
}
