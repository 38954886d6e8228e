package io.backprop.engine;

/**
 * A training between two steps: given to {@link Trainer#resume}, it ends with the same bits as if never interrupted.
 *
 * <p>There is no generator's state in it: everything random is drawn from the plan's seed and the place in the training.
 *
 * @param parameters as they are now
 * @param optimizerState what the optimizer remembers
 * @param bestParameters those of the best epoch; empty if there is none yet
 */
public record TrainingState(Progress progress, Vector parameters, Vector optimizerState, Vector bestParameters) {

    /**
     * How far a training is.
     *
     * @param epoch epochs completed
     * @param step steps completed in the epoch that follows
     * @param lossSum of that epoch's examples so far
     * @param bestEpoch with the lowest monitored loss, from 1; 0 if there is none
     * @param bestLoss of that epoch
     */
    public record Progress(int epoch, int step, double lossSum, int bestEpoch, double bestLoss) {
        static final Progress START = new Progress(0, 0, 0, 0, Double.POSITIVE_INFINITY);
    }
}
