package io.backprop.model;

/** Keeps a new version of a model, as {@link ModelStore#publish} does, and whatever belongs to it. */
@FunctionalInterface
public interface ModelPublisher {

    /**
     * Makes {@code next} the current version.
     *
     * @param oldestKept the versions before this one are removed
     * @return whether the model was as expected
     */
    boolean publish(Model expected, Model next, long oldestKept);
}
