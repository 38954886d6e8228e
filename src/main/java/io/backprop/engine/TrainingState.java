package io.backprop.engine;

/**
 * A training between two steps: given to {@link Trainer#resume}, it ends with the same bits as if never interrupted.
 *
 * <p>There is no generator's state in it: everything random is drawn from the plan's seed and the place in the training.
 */
public final class TrainingState {

    private final Progress progress;
    private final float[] parameters;
    private final float[] optimizerState;
    private final float[] bestParameters;

    /**
     * @param parameters as they are now
     * @param optimizerState what the optimizer remembers
     * @param bestParameters those of the best epoch; empty if there is none yet
     */
    public TrainingState(Progress progress, float[] parameters, float[] optimizerState, float[] bestParameters) {
        this.progress = progress;
        this.parameters = parameters.clone();
        this.optimizerState = optimizerState.clone();
        this.bestParameters = bestParameters.clone();
    }

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

    public Progress progress() {
        return progress;
    }

    public float[] parameters() {
        return parameters.clone();
    }

    public float[] optimizerState() {
        return optimizerState.clone();
    }

    public float[] bestParameters() {
        return bestParameters.clone();
    }
}
