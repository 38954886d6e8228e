package io.backprop.tabular;

import io.backprop.engine.Examples;
import java.util.List;

/** What is done to data before a network sees it; found from the first training data, kept with the parameters. */
public sealed interface Preprocessing {

    /** Nothing is done. */
    Preprocessing NONE = new None();

    /** How numbers to predict are scaled; predictions are given back in their own unit. */
    Scaling targets();

    /** Rows of numbers as they are. */
    record None() implements Preprocessing {
        @Override
        public Scaling targets() {
            return Scaling.NONE;
        }
    }

    /** Rows of numbers, scaled; before the first training it is only known that they will be. */
    record Standardized(Scaling inputs, Scaling targets) implements Preprocessing {
        public static final Standardized UNKNOWN = new Standardized(Scaling.NONE, Scaling.NONE);

        /** Whether there are scales by now. */
        public boolean isKnown() {
            return !inputs.isNone();
        }

        /** The examples as the network sees them. */
        public Examples apply(Examples examples) {
            return examples.with(inputs.apply(examples.inputs()), targets.apply(examples.targets()));
        }
    }

    /**
     * Rows of a table.
     *
     * @param target the name of the column to predict
     * @param dates whether its cells are dates in ISO 8601, predicted as days since 1970
     */
    record Columns(List<Feature> features, String target, boolean dates, Scaling targets) implements Preprocessing {

        public Columns {
            features = List.copyOf(features);
        }

        /** Inputs of the network. */
        public int width() {
            return features.stream().mapToInt(Feature::width).sum();
        }
    }
}
