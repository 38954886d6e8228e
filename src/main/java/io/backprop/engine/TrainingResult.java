package io.backprop.engine;

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
}
