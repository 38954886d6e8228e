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
 * A training that nothing more can be wrong with.
 *
 * @param model as it was when the training was ordered
 * @param current what it goes on with; absent: fresh parameters
 * @param epochsBefore epochs that led to that
 * @param folds of a cross-validation, which publishes nothing; 0 for a training
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

    private static final int SETS_OF_PARAMETERS = 5; // parameters, gradients, the optimizer's two, the best so far

    /** What is in memory as long as it is worked at. */
    long bytes() {
        long parameters = architecture.networkSpec().orElseThrow().parameterCount();
        long examples = numbers(data.training()) + (data.validation() == null ? 0 : numbers(data.validation()));
        return (examples + SETS_OF_PARAMETERS * parameters) * Float.BYTES;
    }

    private static long numbers(Examples examples) {
        return (long) examples.size()
                * (examples.inputs().columns() + examples.targets().columns());
    }

    /** What the training begins with. Fresh parameters are drawn here, and not while the training waits in line. */
    Network start() {
        return current == null
                ? model.spec().initialNetwork(architecture.networkSpec().orElseThrow())
                : current;
    }
}
