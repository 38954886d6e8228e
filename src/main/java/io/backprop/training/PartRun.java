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

    /** Whether the part ends without a result; if not, a training that was cancelled has reached the end of its stage. */
    boolean isStopped();
}
