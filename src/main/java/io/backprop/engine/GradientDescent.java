package io.backprop.engine;

/** Takes the steps of a training: each one computes a gradient and updates the parameters. */
interface GradientDescent {

    /**
     * Chooses the fastest implementation for this network and plan; with one shard, all produce the same bits.
     *
     * @param parameters modified by each step
     */
    static GradientDescent of(
            Execution execution, NetworkSpec spec, TrainingPlan plan, Examples examples, float[] parameters) {
        if (plan.shards() > 1) {
            GradientSource source = new LocalGradients(execution, spec, plan, examples);
            return new ShardedDescent(execution, spec, plan, source, parameters);
        }
        return PerExampleSgd.supports(spec, plan)
                ? new PerExampleSgd(execution, spec, plan, examples, parameters)
                : new MiniBatchDescent(execution, spec, plan, examples, parameters);
    }

    /** Draws the order of the examples. */
    void beginEpoch(int epoch);

    /**
     * Takes one step.
     *
     * @param stopSignal polled during long steps
     * @return false if the step was abandoned because of a stop; nothing has been modified then
     */
    boolean take(Step step, StopSignal stopSignal);

    /** Writes back parameters that an implementation keeps in its own layout. Call it before reading the parameters. */
    default void writeBack() {}

    /** Weighted sum of the losses of the last step's examples, computed before the update. */
    double lossSum();

    /** Norm of the last step's gradient before it was clipped; 0 without clipping. */
    default double gradientNorm() {
        return 0;
    }

    /** The state of the optimizer, and of a {@link FrontScale}. */
    StateArrays state();

    /** The position of a step; reused to avoid allocation. */
    final class Step {
        int epoch;
        int inEpoch; // within the epoch, from 0
        long number; // within the training, from 0
        int firstRow; // in the order of the epoch; not defined with several shards
        int rows; // not defined with several shards
        float learningRate;
    }
}
