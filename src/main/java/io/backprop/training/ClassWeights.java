package io.backprop.training;

import java.util.Map;

/** Weights of examples by their class. */
public sealed interface ClassWeights {

    /** All examples count the same. */
    ClassWeights NONE = new ByLabel(Map.of());

    /** All classes count the same in total: {@code examples / (classes × examples of the class)}. */
    record Balanced() implements ClassWeights {}

    /** Classes that are not named have weight 1. */
    record ByLabel(Map<String, Float> weights) implements ClassWeights {

        public ByLabel {
            weights = Map.copyOf(weights);
        }
    }
}
