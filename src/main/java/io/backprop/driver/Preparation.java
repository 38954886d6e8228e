package io.backprop.driver;

import io.backprop.engine.TargetKind;
import io.backprop.engine.TrainingPlan;
import io.backprop.tabular.RowEncoding;

/**
 * What the service decides about a training from the fit of its table. It is stored with the training, so that the next driver
 * continues with the same preparation.
 *
 * @param rows how rows of the table become examples
 * @param target what targets are, for metrics
 * @param calibrate whether probabilities get a temperature that is fitted to the validation rows
 * @param networkBytes length of the initial network in bytes
 */
public record Preparation(
        TrainingPlan plan, RowEncoding rows, TargetKind target, boolean calibrate, long networkBytes) {}
