package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Execution.RangeTask;
import java.util.Arrays;

/**
 * The mutable state of an {@link Optimizer} in one training: up to two numbers per parameter.
 */
public final class Updater {

    /*
     * Flushing only now and then makes it nearly free, so its loop, which C2 does not vectorize, needs no SIMD version. The
     * threshold is large enough that a state that decays by 0.86 or more per step never becomes subnormal in between.
     */

    private static final int STEPS_BETWEEN_FLUSHES = 64;
    private static final float FLUSH_LIMIT = 0x1p-110f;

    private final Rule rule;
    private final float[][] slots; // parameters each
    private final RangeTask update = this::update;
    private long step;
    private float learningRate;
    private float[] gradient = new float[0];
    private float[] parameters = new float[0];

    Updater(Rule rule, float[]... slots) {
        this.rule = rule;
        this.slots = slots;
    }

    /** Updates the parameters from {@code first} to before {@code end}; steps are numbered from 1. */
    @FunctionalInterface
    interface Rule {
        void step(long step, float learningRate, float[] gradient, float[] parameters, int first, int end);
    }

    /**
     * Updates the parameters by one step, and the state, which is flushed after every 64th step.
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
        execution.overRows(parameters.length, 1, update);
    }

    private void update(int first, int length) {
        rule.step(step, learningRate, gradient, parameters, first, first + length);
        if (step % STEPS_BETWEEN_FLUSHES == 0) {
            for (float[] slot : slots) {
                flush(slot, first, first + length);
            }
        }
    }

    private static void flush(float[] slot, int first, int end) {
        for (int i = first; i < end; i++) {
            slot[i] = Math.abs(slot[i]) < FLUSH_LIMIT ? 0 : slot[i];
        }
    }

    /** A copy of the state, one slot after the other. */
    float[] state() {
        float[] state = new float[stateLength()];
        for (int i = 0; i < slots.length; i++) {
            System.arraycopy(slots[i], 0, state, i * slots[i].length, slots[i].length);
        }
        return state;
    }

    private int stateLength() {
        return Arrays.stream(slots).mapToInt(slot -> slot.length).sum();
    }

    /** Restores a {@link #state}. Not modified. */
    void restore(float[] state) {
        requireArgument(
                state.length == stateLength(),
                "optimizerState must have %d values, but has %d",
                stateLength(),
                state.length);
        for (int i = 0; i < slots.length; i++) {
            System.arraycopy(state, i * slots[i].length, slots[i], 0, slots[i].length);
        }
    }
}
