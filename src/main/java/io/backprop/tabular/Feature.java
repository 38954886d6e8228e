package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
     * Numbers. A missing value is replaced by the mean.
     *
     * @param deviation standard deviation of the numbers
     * @param range of the numbers
     * @param dates whether the cells are dates, which count as days since 1970
     * @param scale of the input
     * @param indicator scale of a further input, which is 1 for a missing value before it is scaled, else 0; null if there is
     *     none
     */
    record Numeric(
            String name,
            double mean,
            double deviation,
            NumberRange range,
            boolean dates,
            ColumnScaling scale,
            @Nullable ColumnScaling indicator)
            implements Feature {

        public Numeric {
            requireArgument(Double.isFinite(mean), "mean must be finite, but was %s", mean);
            requireArgument(
                    deviation > 0 && Double.isFinite(deviation),
                    "deviation must be finite and greater than 0, but was %s",
                    deviation);
        }

        /** Numbers that are scaled to mean 0 and standard deviation 1. */
        public Numeric(String name, ColumnScaling scale, NumberRange range, boolean dates) {
            this(name, scale.offset(), scale.factor(), range, dates, scale, null);
        }

        /** The input of a missing value. */
        public float missing() {
            return scale.apply(mean);
        }

        @Override
        public ColumnType type() {
            return ColumnType.NUMERIC;
        }

        @Override
        public int width() {
            return indicator == null ? 1 : 2;
        }
    }

    /**
     * Categories, one-hot encoded: 1 in the input of the category, else 0. All inputs of an unknown category are 0. Two
     * categories whose inputs are scaled have one input: −1 for the first, 1 for the second, 0 for any other.
     *
     * @param categories most frequent first, equally frequent ones in the order of their text
     * @param missing whether missing values have an input, after the others; else all inputs are 0
     * @param scales of the inputs; empty if they are not scaled
     */
    record Categorical(String name, List<String> categories, boolean missing, List<ColumnScaling> scales)
            implements Feature {

        public Categorical {
            categories = List.copyOf(categories);
            scales = List.copyOf(scales);
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
            requireArgument(
                    scales.isEmpty() || (!missing && scales.size() == (categories.size() == 2 ? 1 : categories.size())),
                    "%d categories must have no scales, or one for each input and no input of missing values",
                    categories.size());
        }

        /** Categories whose inputs are 0 and 1. */
        public Categorical(String name, List<String> categories, boolean missing) {
            this(name, categories, missing, List.of());
        }

        /** Whether two categories share an input, which is −1 or 1 before it is scaled. */
        public boolean isSigned() {
            return !scales.isEmpty() && categories.size() == 2;
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
            return scales.isEmpty() ? categories.size() + (missing ? 1 : 0) : scales.size();
        }
    }
}
