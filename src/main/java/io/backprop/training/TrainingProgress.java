package io.backprop.training;

import java.time.Duration;

/**
 * How far a training is.
 *
 * @param losses thinned
 * @param worked time spent in training, by whichever processes
 */
public record TrainingProgress(LearningCurves losses, Duration worked) {}
