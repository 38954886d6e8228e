package io.backprop.training;

import java.util.Map;

/** How much examples count by their class. */
public sealed interface ClassWeights {

    /** All the same. */
    ClassWeights NONE = new ByLabel(Map.of());

    /** Each class as much as any other: {@code examples / (classes × examples of the class)}. */
    record Balanced() implements ClassWeights {}

    /** Classes that are not named count 1. */
    record ByLabel(Map<String, Float> weights) implements ClassWeights {

        public ByLabel {
            weights = Map.copyOf(weights);
        }
    }
}
