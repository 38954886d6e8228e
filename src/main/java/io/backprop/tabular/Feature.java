package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.HashSet;
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

    /** This feature with numbers as they are, rather than standardized. */
    default Feature unscaled() {
        return this;
    }

    /**
     * Numbers. A missing value is replaced by the mean.
     *
     * @param scale to mean 0 and standard deviation 1
     * @param range of the numbers
     * @param dates whether the cells are dates, which count as days since 1970
     * @param standardized whether the inputs are scaled
     */
    record Numeric(String name, ColumnScaling scale, NumberRange range, boolean dates, boolean standardized)
            implements Feature {

        /** A feature whose inputs are scaled. */
        public Numeric(String name, ColumnScaling scale, NumberRange range, boolean dates) {
            this(name, scale, range, dates, true);
        }

        @Override
        public Feature unscaled() {
            return new Numeric(name, scale, range, dates, false);
        }

        /** The scale of the inputs. */
        public ColumnScaling inputScale() {
            return standardized ? scale : ColumnScaling.NONE;
        }

        /** The input of a missing value. */
        public float missing() {
            return standardized ? 0 : (float) scale.offset();
        }

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
     * @param categories most frequent first, equally frequent ones in order of first appearance
     * @param missing whether missing values have an input, after the others; else all inputs are 0
     */
    record Categorical(String name, List<String> categories, boolean missing) implements Feature {

        public Categorical {
            categories = List.copyOf(categories);
            requireArgument(
                    categories.size() <= InferredColumn.MAX_CATEGORIES,
                    "categories must be at most %d, but are %d",
                    InferredColumn.MAX_CATEGORIES,
                    categories.size());
            requireArgument(
                    new HashSet<>(categories).size() == categories.size(),
                    "categories of %s must differ from one another",
                    TableException.quote(name));
            requireArgument(
                    categories.stream().allMatch(StringDictionary::isStorable),
                    "categories must not contain NUL characters or unpaired surrogates");
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
