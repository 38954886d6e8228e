package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/**
 * The result of one epoch.
 *
 * @param epoch number of this epoch, from 1
 * @param epochs number of planned epochs
 * @param loss mean over the examples, each computed before the step that uses it
 * @param validationLoss mean over the validation examples after the epoch; null without validation
 * @param validationScore metric of the validation examples; null unless {@linkplain Trainer#measuring requested}
 */
public record EpochReport(
        int epoch, int epochs, double loss, @Nullable Double validationLoss, Metric.@Nullable Score validationScore) {}
