package io.backprop.engine;

import static io.backprop.engine.kernel.Fma.fma;

/** The mutable state of an {@link Optimizer} in one training: up to two numbers per parameter. */
public final class Updater {

    /*
     * Flushing only now and then makes it nearly free, so its loop, which C2 does not vectorize, needs no SIMD version. The
     * threshold is large enough that a state that decays by 0.86 or more per step never becomes subnormal in between.
     */

    private static final int STEPS_BETWEEN_FLUSHES = 64;
    private static final float FLUSH_LIMIT = 0x1p-110f;

    private final Rule rule;
    private final float weightDecay;
    private final float[][] slots; // parameters each
    private long step;
    private float correction;

    Updater(Rule rule, float[]... slots) {
        this(rule, 0, slots);
    }

    /** @param weightDecay share by which weights decay in each step, relative to the learning rate */
    Updater(Rule rule, float weightDecay, float[]... slots) {
        this.rule = rule;
        this.weightDecay = weightDecay;
        this.slots = slots;
    }

    /** Updates the parameters from {@code first} to before {@code end}, and their state. */
    @FunctionalInterface
    interface Rule {

        void update(float learningRate, float[] gradient, float[] parameters, int first, int end);

        /** The factor of the learning rate at a step, from 1. */
        default float correction(long step) {
            return 1;
        }
    }

    /**
     * Begins a step, which consists of updates of ranges that do not overlap, in any order and on any thread.
     *
     * @param step number of the step, from 1
     */
    void begin(long step) {
        this.step = step;
        this.correction = rule.correction(step);
    }

    /**
     * Updates a range of weights by one step, and their state, which is flushed after every 64th step.
     *
     * @param gradient Not modified.
     * @param parameters Modified.
     */
    void updateWeights(float learningRate, float[] gradient, float[] parameters, int first, int length) {
        if (weightDecay > 0) {
            float share = learningRate * weightDecay;
            for (int i = first; i < first + length; i++) {
                parameters[i] = fma(parameters[i], -share, parameters[i]);
            }
        }
        updateBiases(learningRate, gradient, parameters, first, length);
    }

    /** Updates a range of biases, as {@link #updateWeights}, but without weight decay. */
    void updateBiases(float learningRate, float[] gradient, float[] parameters, int first, int length) {
        rule.update(learningRate * correction, gradient, parameters, first, first + length);
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

    StateArrays state() {
        return new StateArrays(slots);
    }
}
