package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is applied to data before it reaches the network. It is fitted to the first training data and kept with the model. */
public sealed interface Preprocessing {

    /** The identity. */
    Preprocessing NONE = new None();

    /** The scaling of numeric targets. Predictions are scaled back to the unit of the targets. */
    Scaling targets();

    private static void requireInvertible(Scaling targets) {
        requireArgument(!targets.clips(), "scales of targets must not have a smooth clip");
    }

    /** Unchanged rows of numbers. */
    record None() implements Preprocessing {
        @Override
        public Scaling targets() {
            return Scaling.NONE;
        }
    }

    /** Scaled rows of numbers. */
    record Standardized(Scaling inputs, Scaling targets) implements Preprocessing {
        /** Before the first training. */
        public static final Standardized UNKNOWN = new Standardized(Scaling.NONE, Scaling.NONE);

        public Standardized {
            requireInvertible(targets);
        }

        /** Whether the scales have been fitted. */
        public boolean isKnown() {
            return !inputs.isNone();
        }

        /** The scaled examples. */
        public Examples apply(Examples examples) {
            return examples.with(inputs.apply(examples.inputs()), targets.apply(examples.targets()));
        }
    }

    /**
     * Rows of a table.
     *
     * @param target the name of the column to predict
     * @param unit of the target
     * @param format of the cells
     */
    record Columns(List<Feature> features, String target, TargetUnit unit, Scaling targets, CellFormat format)
            implements Preprocessing {

        public Columns {
            features = List.copyOf(features);
            requireInvertible(targets);
            List<String> names = Stream.concat(features.stream().map(Feature::name), Stream.of(target))
                    .toList();
            requireArgument(
                    new HashSet<>(names).size() == names.size(),
                    "features and target must have different names, but have %s",
                    TableException.quote(names));
            requireArgument(
                    names.stream().allMatch(StringDictionary::isStorable),
                    "names of columns must not contain NUL characters or unpaired surrogates");
            scalesOfNumbers(features); // checks that they fit together
        }

        private static Scaling scalesOfNumbers(List<Feature> features) {
            return new Scaling(features.stream()
                    .filter(Feature.Numeric.class::isInstance)
                    .map(feature -> ((Feature.Numeric) feature).scale())
                    .toList());
        }

        /** The first feature whose values are not numbers; empty if rows of numbers can be encoded too. */
        public Optional<Feature> firstWithoutNumbers() {
            return features.stream()
                    .filter(feature -> !(feature instanceof Feature.Numeric numeric) || numeric.dates())
                    .findFirst();
        }

        /**
         * The inputs of the network for rows of numbers in the order of the features, which must all be numbers.
         *
         * @param numbers rows × features, none missing
         */
        public Matrix encode(Matrix numbers) {
            Matrix scaled = scalesOfNumbers(features).apply(numbers);
            return width() == features.size() ? scaled : withIndicators(scaled);
        }

        private Matrix withIndicators(Matrix scaled) {
            int width = width();
            float[] inputs = new float[Matrix.elementCount(scaled.rows(), width)];
            int input = 0;
            for (int column = 0; column < features.size(); column++) {
                for (int row = 0; row < scaled.rows(); row++) {
                    inputs[row * width + input] = scaled.get(row, column);
                }
                input++;
                ColumnScaling indicator = ((Feature.Numeric) features.get(column)).indicator();
                if (indicator != null) {
                    float present = indicator.apply(0);
                    for (int row = 0; row < scaled.rows(); row++) {
                        inputs[row * width + input] = present;
                    }
                    input++;
                }
            }
            return Matrix.wrap(scaled.rows(), width, inputs);
        }

        /** Number of inputs of the network. */
        public int width() {
            return features.stream().mapToInt(Feature::width).sum();
        }
    }
}
