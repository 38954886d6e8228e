package io.backprop.model;

import io.backprop.engine.Initializer;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TrainingPlan;
import org.jspecify.annotations.Nullable;

/**
 * The description of a model, with every default filled in.
 *
 * @param described the architecture as the client described it, from which a training can start fresh
 * @param architecture completed from the training data
 * @param initializer of all layers; null for {@link Initializer#before} each layer's activation
 * @param plan the defaults of a training; its seed is the seed of the model
 */
public record ModelSpec(
        Architecture described,
        Architecture architecture,
        @Nullable Initializer initializer,
        TrainingPlan plan) {

    /** A model that has not been trained. */
    public ModelSpec(Architecture described, @Nullable Initializer initializer, TrainingPlan plan) {
        this(described, described, initializer, plan);
    }

    /** The untrained network; equal specs give equal bits. */
    public Network initialNetwork(NetworkSpec networkSpec) {
        return initializer == null
                ? Network.initialize(networkSpec, plan.seed())
                : Network.initialize(networkSpec, initializer, plan.seed());
    }

    public ModelSpec withArchitecture(Architecture found) {
        return new ModelSpec(described, found, initializer, plan);
    }
}
