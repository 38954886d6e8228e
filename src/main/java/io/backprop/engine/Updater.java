package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Execution.RowsTask;
import java.util.Arrays;

/**
 * The state of an {@link Optimizer} in one training.
 *
 * <p>What an optimizer remembers is up to two numbers per parameter. They can be copied out between two steps and put
 * back; the number of the step comes from outside, since the training counts.
 */
public final class Updater {

    private final Rule rule;
    private final float[][] memories; // each as long as the parameters
    private final RowsTask change = this::change;
    private long step;
    private float learningRate;
    private float[] gradient = new float[0];
    private float[] parameters = new float[0];

    Updater(Rule rule, float[]... memories) {
        this.rule = rule;
        this.memories = memories;
    }

    /** Changes the parameters from first to before end by one step; steps are numbered from 1. */
    @FunctionalInterface
    interface Rule {
        void step(long step, float learningRate, float[] gradient, float[] parameters, int first, int end);
    }

    /**
     * Changes the parameters by one step.
     *
     * @param step number of this step, from 1
     * @param gradient Not modified.
     * @param parameters Modified.
     */
    void step(Execution execution, long step, float learningRate, float[] gradient, float[] parameters) {
        this.step = step;
        this.learningRate = learningRate;
        this.gradient = gradient;
        this.parameters = parameters;
        execution.overRows(parameters.length, 1, change);
    }

    private void change(int first, int length) {
        rule.step(step, learningRate, gradient, parameters, first, first + length);
    }

    /** A copy of what is remembered, one memory after the other. */
    float[] state() {
        float[] state = new float[stateLength()];
        for (int i = 0; i < memories.length; i++) {
            System.arraycopy(memories[i], 0, state, i * memories[i].length, memories[i].length);
        }
        return state;
    }

    private int stateLength() {
        return Arrays.stream(memories).mapToInt(memory -> memory.length).sum();
    }

    /** Goes on from what {@link #state} gave. */
    void restore(float[] state) {
        requireArgument(
                state.length == stateLength(),
                "optimizerState must have %d numbers, but has %d",
                stateLength(),
                state.length);
        for (int i = 0; i < memories.length; i++) {
            System.arraycopy(state, i * memories[i].length, memories[i], 0, memories[i].length);
        }
    }
}
