package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Execution.Phase;

/** Gradient descent by the mean over the rows of each step, whose sum a {@link GradientSource} computes. */
final class ShardedDescent implements GradientDescent {

    private static final int WORK_OF_UPDATE = 32; // a parameter takes about as long as this number of multiplications

    private final Execution execution;
    private final TrainingPlan plan;
    private final GradientSource source;
    private final DenseLayer[] layers;
    private final float[] parameters;
    private final ParameterUpdate update;
    private final Phase updatePart = this::updatePart;
    private float perRow; // factor of the sum
    private double lossSum;

    /** @param parameters modified by each step */
    ShardedDescent(
            Execution execution, NetworkSpec spec, TrainingPlan plan, GradientSource source, float[] parameters) {
        this.execution = execution;
        this.plan = plan;
        this.source = source;
        this.layers = DenseLayer.of(spec);
        this.parameters = parameters;
        this.update = new ParameterUpdate(execution, layers, plan, parameters);
    }

    @Override
    public void beginEpoch(int epoch) {}

    @Override
    public boolean take(Step step, StopSignal stopSignal) {
        GradientSum sum = source.gradient(step.epoch, step.inEpoch, parameters, stopSignal::requested);
        if (sum == null) {
            if (!stopSignal.requested()) {
                throw new IllegalStateException("the source of gradients has abandoned a step without a stop");
            }
            return false;
        }
        requireComplete(sum);
        lossSum = sum.lossSum();
        if (sum.rows() > 0) { // small batches of many shards may be empty
            perRow = 1f / sum.rows();
            update.begin(step, sum.gradient());
            long work = (long) parameters.length * WORK_OF_UPDATE;
            execution.run(updatePart, work, update.units);
            update.end(work);
        }
        return true;
    }

    private void updatePart(Execution thread, int part, int parts) {
        for (int layer = 0; layer < layers.length; layer++) {
            update.scaleGradient(perRow, layer, part, parts);
            update.update(layer, part, parts);
        }
    }

    private void requireComplete(GradientSum sum) {
        requireArgument(
                sum.firstShard() == 0 && sum.shards() == plan.shards(),
                "the gradient must be the sum of %d shards, but is that of %d shards from %d on",
                plan.shards(),
                sum.shards(),
                sum.firstShard());
        requireArgument(
                sum.rows() == 0 || sum.gradient().length == parameters.length,
                "the gradient must have %d values, but has %d",
                parameters.length,
                sum.gradient().length);
    }

    @Override
    public double lossSum() {
        return lossSum;
    }

    @Override
    public double gradientNorm() {
        return update.gradientNorm();
    }

    @Override
    public StateArrays state() {
        return update.state();
    }
}
