package io.backprop.training;

import io.backprop.engine.TrainingData;
import io.backprop.model.Architecture;
import java.util.List;

/**
 * What a command sends, on its way to become examples: first it tells the network's shape, so that limits are checked
 * before memory is taken.
 */
interface ExampleSource {

    /** The field that the inputs come from. */
    String inputsField();

    /** The field that says what the targets are. */
    String targetsField();

    /** The model's architecture with all widths. */
    Architecture architecture();

    /** Rows that have a target. */
    int rows();

    /** Inputs that are made of words, and so may be many more than were sent. */
    int categories();

    /** How many numbers {@link #fit} makes beside those that were sent. */
    long numbersToMake();

    /** To be called once. */
    Fitted fit();

    /**
     * Examples, and what was learned from them about the data.
     *
     * @param warnings what was done to the data that the client may not expect
     */
    record Fitted(Architecture architecture, TrainingData data, List<String> warnings) {}
}
