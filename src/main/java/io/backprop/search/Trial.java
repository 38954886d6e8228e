package io.backprop.search;

import org.jspecify.annotations.Nullable;

/**
 * A trial of a search at one moment.
 *
 * @param number from 0, the model as it is
 * @param result at the end of the last rung that it has completed; null before the first one is
 */
public record Trial(
        int number,
        Configuration configuration,
        State state,
        @Nullable TrialResult result) {

    /** This trial with the result of one of its rungs. */
    public Trial with(TrialResult other) {
        return new Trial(number, configuration, state, other);
    }

    public enum State {
        QUEUED,
        RUNNING,
        /** Has completed a rung that others still train for. */
        WAITING,
        /** Has completed the last rung. */
        COMPLETED,
        /** Is not among the best of a rung, or the search has ended. */
        STOPPED,
        DIVERGED
    }
}
