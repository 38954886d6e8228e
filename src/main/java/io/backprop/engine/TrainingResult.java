package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;

/**
 * The result of a training.
 *
 * @param network has the parameters of the best epoch with {@link KeepBest}, otherwise the last parameters
 * @param bestEpoch the epoch of these parameters, from 1; 0 if no epoch was completed
 */
public record TrainingResult(Network network, StopReason stopReason, int epochsCompleted, int bestEpoch) {

    /**
     * Computes predictions of the network. Detects a divergence in the last step, whose reported loss precedes its update.
     *
     * @throws TrainingDivergedException if one of them is not finite
     */
    public Matrix predict(Matrix inputs, Threads threads) {
        Matrix predictions = network.predict(inputs, threads);
        if (!Kernels.best().allFinite(predictions.values(), 0, predictions.rows() * predictions.columns())) {
            throw new TrainingDivergedException(Math.max(1, bestEpoch), "a prediction", null);
        }
        return predictions;
    }
}
