package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/**
 * The result of one epoch.
 *
 * @param epoch from 1
 * @param epochs planned
 * @param loss mean over the examples, each taken as the epoch met it, before its own step
 * @param validationLoss mean over the validation examples after the epoch; null without any
 * @param validationScore of predictions for these; null unless {@linkplain Trainer#measuring asked for}
 */
public record EpochReport(
        int epoch, int epochs, double loss, @Nullable Double validationLoss, Metric.@Nullable Score validationScore) {}
