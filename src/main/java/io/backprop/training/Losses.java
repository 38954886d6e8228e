package io.backprop.training;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The losses of a training's epochs at one moment, evenly thinned where there are many; the last one is among them.
 *
 * @param epochs completed
 * @param validation null without validation
 */
public record Losses(
        int epochs, List<Double> training, @Nullable List<Double> validation) {

    /** The loss of the last epoch. */
    public @Nullable Double last() {
        return training.isEmpty() ? null : training.get(training.size() - 1);
    }

    /** The validation loss of the last epoch. */
    public @Nullable Double lastValidation() {
        return validation == null || validation.isEmpty() ? null : validation.get(validation.size() - 1);
    }
}
