package io.backprop.training;

import java.util.List;

/**
 * A part of a training at one moment: a fold of a cross-validation or a trial of a search.
 *
 * @param id key in the store
 * @param number from 0, for each training
 * @param stage that it does or has completed, from 0
 * @param progress of all stages
 * @param results of the completed stages
 */
public record TrainingPart(
        String id,
        String trainingId,
        int number,
        int stage,
        State state,
        Training.Progress progress,
        List<PartResult> results) {

    public TrainingPart {
        results = List.copyOf(results);
    }

    /** The training of a part with this key, which is followed by its number. */
    public static String trainingOf(String id) {
        return id.substring(0, id.lastIndexOf('/'));
    }

    public enum State {
        QUEUED,
        RUNNING,
        /** The stage is completed. Another one may follow. */
        COMPLETED,
        /** The training has ended, or its parts have, before the stage was completed. */
        STOPPED
    }

    /** Whether it has a result for this stage. */
    public boolean hasCompleted(int number) {
        return results.size() > number;
    }
}
