package io.backprop.training;

import io.backprop.engine.TrainingState;
import java.util.List;

/**
 * A snapshot from which a training can resume.
 *
 * @param completed the networks of an ensemble that are trained
 * @param state of the training of the next network
 * @param history of the epochs that have been completed, of all networks
 */
public record Checkpoint(List<TrainedNetwork> completed, TrainingState state, History history) {

    public Checkpoint {
        completed = List.copyOf(completed);
    }

    /** The number of epochs of all networks that are completed. */
    static int epochs(List<TrainedNetwork> completed, TrainingState state) {
        return completed.stream().mapToInt(TrainedNetwork::epochs).sum()
                + state.progress().epoch();
    }
}
