package io.backprop.training;

import io.backprop.engine.TrainingListener;
import java.util.List;

/** The run of a part: records the history of its networks, and stops their training at the end of the stage. */
public interface PartRun extends TrainingListener {

    /**
     * Begins the training of the next network. A part of a single network need not call this.
     *
     * @param before the networks that are trained
     */
    void beginNetwork(List<TrainedNetwork> before);

    /**
     * Whether a training that this run has stopped, for {@code CANCELLED} or {@code TIME_LIMIT}, is to have no result now; if
     * not, it has reached the end of the stage.
     */
    boolean isStopped();
}
