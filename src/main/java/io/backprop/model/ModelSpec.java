package io.backprop.model;

import io.backprop.engine.Initializer;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TrainingPlan;
import org.jspecify.annotations.Nullable;

/**
 * What a client described, with every default filled in.
 *
 * @param initializer of all layers; absent: {@link Initializer#before} each layer's activation
 * @param plan how the model is trained unless a training says otherwise; its seed is the model's
 */
public record ModelSpec(Architecture architecture, @Nullable Initializer initializer, TrainingPlan plan) {

    /** The network before any training: equal specs, equal bits. */
    public Network initialNetwork(NetworkSpec networkSpec) {
        return initializer == null
                ? Network.initialize(networkSpec, plan.seed())
                : Network.initialize(networkSpec, initializer, plan.seed());
    }

    ModelSpec withArchitecture(Architecture architecture) {
        return new ModelSpec(architecture, initializer, plan);
    }
}
