package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Network;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A training that has passed all checks.
 *
 * @param model the model when the training was started
 * @param current the network to continue from; null for fresh parameters
 * @param epochsBefore number of epochs that led to that network
 * @param folds number of folds of a cross-validation, which publishes nothing; 0 for a training
 * @param warnings what was done to the data that the client may not expect
 */
public record PreparedTraining(
        Model model,
        Architecture architecture,
        @Nullable Network current,
        long epochsBefore,
        TrainingPlan plan,
        TrainingData data,
        Duration timeLimit,
        int folds,
        List<String> warnings) {

    /** Parameters, gradients, the optimizer's two moments and the best parameters so far. */
    private static final int PARAMETER_SETS = 5;

    /** Bytes of memory that are in use while the training runs. */
    long bytes() {
        long parameters = architecture.networkSpec().orElseThrow().parameterCount();
        long examples = cells(data.training()) + (data.validation() == null ? 0 : cells(data.validation()));
        return (examples + PARAMETER_SETS * parameters) * Float.BYTES;
    }

    private static long cells(Examples examples) {
        return (long) examples.size()
                * (examples.inputs().columns() + examples.targets().columns());
    }

    /** The network to start with. Fresh parameters are drawn on each call, so that a queued training holds none. */
    Network start() {
        return current == null
                ? model.spec().initialNetwork(architecture.networkSpec().orElseThrow())
                : current;
    }
}
