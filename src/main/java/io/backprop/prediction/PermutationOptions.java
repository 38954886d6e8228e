package io.backprop.prediction;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import io.backprop.model.Model;
import org.jspecify.annotations.Nullable;

/**
 * How often the values of each feature are put in random order.
 *
 * @param seed of the orders; absent: the model's
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
