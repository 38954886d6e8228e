package io.backprop.training;

import io.backprop.engine.EarlyStopping;
import io.backprop.engine.EarlyStopping.Monitor;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.model.InvalidInputException;
import io.backprop.tabular.Targets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants a model to be trained on, and how; what is absent is as the model says.
 *
 * @param validation absent: no validation
 * @param classWeights by label
 * @param timeLimit absent: the server's
 * @param reset whether to begin from fresh parameters
 */
public record TrainingOrder(
        Matrix inputs,
        Targets targets,
        int epochs,
        @Nullable Integer batchSize,
        @Nullable Boolean shuffle,
        @Nullable Float learningRate,
        @Nullable Validation validation,
        @Nullable EarlyStopping earlyStopping,
        @Nullable Vector sampleWeights,
        Map<String, Float> classWeights,
        @Nullable Duration timeLimit,
        boolean reset) {

    public TrainingOrder {
        if (earlyStopping != null && earlyStopping.monitor() == Monitor.VALIDATION_LOSS && validation == null) {
            throw new InvalidInputException(
                    "earlyStopping",
                    "earlyStopping monitors validation_loss, which needs validationSplit or validationInputs");
        }
    }

    /** What the training is checked against. */
    public sealed interface Validation {}

    /** A share of the examples. */
    public record Share(float value) implements Validation {}

    /** Examples of their own. */
    public record Held(Matrix inputs, Targets targets) implements Validation {}
}
