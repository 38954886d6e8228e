package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import io.backprop.engine.TargetKind;
import io.backprop.engine.TrainingPlan;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.Preprocessing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the service decides about a training from the fit of its table. It is stored with the training, so that the next driver
 * continues with the same preparation.
 *
 * @param preprocessing of the rows, with the scaling of targets
 * @param classes null for a regression
 * @param classWeights factor of the loss for each of the classes; empty for none
 * @param outputs of the network
 * @param target what targets are, for metrics
 * @param calibrate whether probabilities get a temperature that is fitted to the validation rows
 * @param networkBytes length of the initial network in bytes
 */
public record Preparation(
        TrainingPlan plan,
        Preprocessing.Columns preprocessing,
        @Nullable ClassEncoding classes,
        List<Float> classWeights,
        int outputs,
        TargetKind target,
        boolean calibrate,
        long networkBytes) {

    public Preparation {
        classWeights = List.copyOf(classWeights);
        requireAtLeast(1, outputs, "outputs");
        int weighted = classWeights.size();
        requireArgument(
                weighted == 0 || (classes != null && weighted == classes.names().size()),
                "classWeights must be as many as classes, or none, but are %d",
                weighted);
    }
}
