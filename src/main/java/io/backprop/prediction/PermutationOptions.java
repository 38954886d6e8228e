package io.backprop.prediction;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import io.backprop.model.Model;
import org.jspecify.annotations.Nullable;

/**
 * How the values of the features are permuted.
 *
 * @param repeats number of random orders for each feature
 * @param seed of the orders; null for the model's seed
 */
public record PermutationOptions(int repeats, @Nullable Long seed) {

    public static final int DEFAULT_REPEATS = 5;

    public PermutationOptions {
        requireAtLeast(1, repeats, "repeats");
    }

    long seedFor(Model model) {
        return seed == null ? model.spec().plan().seed() : seed;
    }
}
