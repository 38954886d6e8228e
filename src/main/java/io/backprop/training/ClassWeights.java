package io.backprop.training;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Weights of examples by their class.
 *
 * @param byLabel weights of classes, 1 for those that are not named; null if all classes count the same in total: {@code
 *     examples / (classes × examples of the class)}
 */
public record ClassWeights(@Nullable Map<String, Float> byLabel) {

    /** All examples count the same. */
    public static final ClassWeights NONE = new ClassWeights(Map.of());
}
