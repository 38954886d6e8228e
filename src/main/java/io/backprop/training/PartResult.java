package io.backprop.training;

import io.backprop.engine.StopReason;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a part of a training has reached at the end of a stage.
 *
 * @param epochs number of completed epochs, of all networks and stages
 * @param bestEpoch epoch of the measured parameters; null if several networks were trained
 * @param stopReason {@link StopReason#CANCELLED} if the training of the network continues in the next stage
 * @param loss training loss of the last epoch; null where it is not reported
 * @param examples number of examples that the networks were measured on
 * @param validationLoss mean over these examples; null if the part has diverged
 * @param temperature of the probabilities that are measured; 1 unless the model is calibrated
 * @param metrics scalar metrics of these examples, in the unit of the targets
 * @param error what went wrong, for people; null unless the part has diverged
 */
public record PartResult(
        int epochs,
        @Nullable Integer bestEpoch,
        StopReason stopReason,
        @Nullable Double loss,
        int examples,
        @Nullable Double validationLoss,
        double temperature,
        Map<String, @Nullable Double> metrics,
        @Nullable String error) {

    public PartResult {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics)); // Map.copyOf rejects null
    }

    public boolean hasDiverged() {
        return error != null;
    }
}
