package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import java.util.List;

/**
 * The result of a training.
 *
 * @param network has the parameters of the best epoch with {@link KeepBest}, otherwise the last parameters
 * @param epochsCompleted number of epochs, including those before the training was resumed
 * @param bestEpoch the epoch of these parameters, from 1; 0 if no epoch was completed
 * @param history each completed epoch, of a resumed training those since then; empty {@linkplain Trainer#withoutHistory
 *     without history}
 */
public record TrainingResult(
        Network network, StopReason stopReason, int epochsCompleted, int bestEpoch, List<EpochReport> history) {

    public TrainingResult {
        history = List.copyOf(history);
    }

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
