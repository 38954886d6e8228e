package io.backprop.training;

/** The settings of a search, as far as trainings know them. */
public interface SearchPlan {

    /** The number of trials that are queued or running at once. */
    int parallelism();

    /** The number of epochs of all trials together, if none ends early. */
    int epochs();

    /** The bytes of memory that are in use while one trial runs, or the training that follows them, at most. */
    long bytes(PreparedTraining prepared);
}
