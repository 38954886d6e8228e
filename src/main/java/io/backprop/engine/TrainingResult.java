package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;

/**
 * How a training ended.
 *
 * @param network with the parameters of the best epoch under early stopping, else with the last ones
 * @param bestEpoch whose parameters these are, from 1; 0 if none was completed
 */
public record TrainingResult(Network network, StopReason stopReason, int epochsCompleted, int bestEpoch) {

    /**
     * The network's predictions, which tell what the last step has led to: its loss is the one before it.
     *
     * @throws TrainingDivergedException if one of them is not finite
     */
    public Matrix predict(Matrix inputs) {
        Matrix predictions = network.predict(inputs);
        if (!Kernels.best().allFinite(predictions.values(), 0, predictions.rows() * predictions.columns())) {
            throw new TrainingDivergedException(Math.max(1, bestEpoch), "a prediction");
        }
        return predictions;
    }
}
