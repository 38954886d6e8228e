package io.backprop.engine;

import io.backprop.engine.LearningRateSchedule.Plateau;

/**
 * A snapshot of a training between two steps, from which it can {@linkplain Trainer#resume resume}. The result has the same
 * bits as that of an uninterrupted training.
 *
 * <p>Contains no state of a random generator: all random decisions derive from the plan's seed and the progress.
 *
 * @param optimizerState state of the {@link Updater}, and with a front scale the unscaled weights, the scales and the state of
 *     their updates
 * @param bestParameters parameters of the best epoch; empty without one
 */
public record TrainingState(Progress progress, Vector parameters, Vector optimizerState, Vector bestParameters) {

    /**
     * The position of a training.
     *
     * @param epoch number of completed epochs
     * @param step number of completed steps in the current epoch
     * @param lossSum sum of the losses in the current epoch
     * @param bestEpoch epoch that {@link KeepBest} keeps, from 1; 0 without one
     * @param bestValue monitored metric of that epoch; NaN without one
     * @param plateau state of a schedule that reduces the learning rate on a plateau
     */
    public record Progress(int epoch, int step, double lossSum, int bestEpoch, double bestValue, Plateau plateau) {
        static final Progress START = new Progress(0, 0, 0, 0, Double.NaN, Plateau.START);
    }
}
