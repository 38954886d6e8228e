package io.backprop.engine;

/** Gradient descent over the examples of a training, one step after the other. */
interface GradientDescent {

    /** The fastest descent for this network and plan; all give the same bits. */
    static GradientDescent of(Execution execution, NetworkSpec spec, TrainingPlan plan, Examples examples) {
        return PerExampleSgd.fits(spec, plan)
                ? new PerExampleSgd(execution, spec, plan, examples)
                : new MiniBatchDescent(execution, spec, plan, examples);
    }

    void beginEpoch(int epoch);

    /**
     * Takes the gradient of the given places of the epoch's order and changes the parameters.
     *
     * @param parameters Modified.
     * @param stopSignal asked within steps that take long
     * @return whether the step was taken; if not, nothing has changed
     */
    boolean take(Step step, float[] parameters, StopSignal stopSignal);

    /**
     * Brings the parameters up to date, which steps may have left to be done. To be called before anybody but a step
     * looks at them.
     *
     * @param parameters those the steps were given. Modified.
     */
    default void settle(float[] parameters) {}

    /** Sum of the losses of the last step's examples, each times its weight, from before the change. */
    double lossSum();

    /** What the optimizer remembers. */
    Updater updater();

    /** Which step is taken; moved without allocating. */
    final class Step {
        int epoch;
        int inEpoch;
        long number;
        int firstRow;
        int rows;
    }
}
