package io.backprop.model;

import io.backprop.engine.Initializer;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TrainingPlan;
import org.jspecify.annotations.Nullable;

/**
 * What a model is, with every default filled in.
 *
 * @param described the architecture as far as the client has said it, from which a training may begin anew
 * @param architecture with what was found from data since
 * @param initializer of all layers; absent: {@link Initializer#before} each layer's activation
 * @param plan how the model is trained unless a training says otherwise; its seed is the model's
 */
public record ModelSpec(
        Architecture described,
        Architecture architecture,
        @Nullable Initializer initializer,
        TrainingPlan plan) {

    /** As a client describes it. */
    public ModelSpec(Architecture described, @Nullable Initializer initializer, TrainingPlan plan) {
        this(described, described, initializer, plan);
    }

    /** The network before any training: equal specs, equal bits. */
    public Network initialNetwork(NetworkSpec networkSpec) {
        return initializer == null
                ? Network.initialize(networkSpec, plan.seed())
                : Network.initialize(networkSpec, initializer, plan.seed());
    }

    public ModelSpec withArchitecture(Architecture found) {
        return new ModelSpec(described, found, initializer, plan);
    }
}
