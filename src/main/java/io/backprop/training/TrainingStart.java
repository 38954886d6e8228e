package io.backprop.training;

import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import java.util.List;
import java.util.Objects;

/**
 * What a training starts from.
 *
 * @param model the model when the training was started
 * @param architecture with everything found from the data
 * @param fresh whether to start with fresh parameters instead of those of the model
 */
public record TrainingStart(Model model, Architecture architecture, boolean fresh) {

    /** Number of epochs that led to the parameters to start with. */
    long epochsBefore() {
        return fresh ? 0 : model.epochs();
    }

    /** The network to start with. Fresh parameters are drawn on each call, so that a queued training holds none. */
    Network network() {
        NetworkSpec spec = spec(); // the settings of the model may have changed
        return fresh
                ? model.spec().initialNetwork(spec)
                : Objects.requireNonNull(model.network()).with(spec);
    }

    /** The network that is trained. */
    public NetworkSpec spec() {
        return architecture.networkSpec().orElseThrow();
    }

    /** The model before the first epoch. */
    public LiveModel live() {
        return live(network(), 0);
    }

    /** The model after some epochs of the training. */
    public LiveModel live(Network reached, int epoch) {
        return new LiveModel(
                model.withParameters(architecture, reached, epochsBefore() + epoch, null, null, List.of()), epoch);
    }
}
