package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import java.util.List;
import java.util.Objects;

/**
 * A training that has passed all checks.
 *
 * @param model the model when the training was started
 * @param fresh whether to start with fresh parameters instead of those of the model
 * @param warnings what was done to the data that the client may not expect
 */
public record PreparedTraining(
        Model model,
        Architecture architecture,
        boolean fresh,
        TrainingSettings settings,
        TrainingData data,
        List<String> warnings) {

    /** Parameters, gradients, the optimizer's two moments and the best parameters so far. */
    private static final int PARAMETER_SETS = 5;

    public TrainingPlan plan() {
        return settings.plan();
    }

    /** Number of folds of a cross-validation, which publishes nothing; 0 for a training. */
    public int folds() {
        return settings.folds();
    }

    /** Number of epochs that led to the parameters to start with. */
    long epochsBefore() {
        return fresh ? 0 : model.epochs();
    }

    /** Bytes of memory that are in use while the training runs. */
    public long bytes() {
        long parameters = architecture.networkSpec().orElseThrow().parameterCount();
        long examples = cells(data.training()) + (data.validation() == null ? 0 : cells(data.validation()));
        return (examples + PARAMETER_SETS * parameters) * Float.BYTES;
    }

    /** With the score that a metric of all examples may keep of each. */
    private static long cells(Examples examples) {
        return (long) examples.size()
                * (examples.inputs().columns() + examples.targets().columns() + 1);
    }

    /** The network to start with. Fresh parameters are drawn on each call, so that a queued training holds none. */
    Network start() {
        NetworkSpec spec = architecture.networkSpec().orElseThrow(); // the settings of the model may have changed
        return fresh
                ? model.spec().initialNetwork(spec)
                : Objects.requireNonNull(model.network()).with(spec);
    }
}
