package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.model.Model;
import java.util.Objects;

/**
 * A model with parameters that a training has reached and not published.
 *
 * @param epoch number of epochs of the training that are completed with these parameters
 */
public record LiveModel(Model model, int epoch) {

    Ensemble ensemble() {
        return Objects.requireNonNull(model.ensemble());
    }

    /** The bytes of the parameters. */
    long bytes() {
        return ensemble().parameterCount() * Float.BYTES;
    }
}
