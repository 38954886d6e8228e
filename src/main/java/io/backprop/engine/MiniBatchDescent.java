package io.backprop.engine;

/** Gradient descent for any batch size and optimizer, with regularization and clipping. */
final class MiniBatchDescent implements GradientDescent {
    /*
     * A batch that is too large for the workspace is processed in slices. Each sum over the batch continues from the value
     * of the previous slice, so the bits are the same as for the whole batch.
     */

    private final Execution execution;
    private final TrainingPlan plan;
    private final ForwardPass forward;
    private final BackwardPass backward;
    private final Dropout dropout;
    private final BatchSampler sampler;
    private final float[] gradient;
    private final Updater updater;
    private final int sliceRows;
    private double gradientNorm;

    MiniBatchDescent(Execution execution, NetworkSpec spec, TrainingPlan plan, Examples examples) {
        this(execution, spec, plan, examples, ForwardPass.maxRows(spec, Math.min(plan.batchSize(), examples.size())));
    }

    MiniBatchDescent(Execution execution, NetworkSpec spec, TrainingPlan plan, Examples examples, int sliceRows) {
        this.execution = execution;
        this.plan = plan;
        this.sliceRows = sliceRows;
        this.forward = ForwardPass.forTraining(execution, spec, sliceRows);
        this.dropout = new Dropout(execution, forward.layers, sliceRows, plan.seed());
        this.backward = new BackwardPass(execution, spec, forward, dropout);
        this.sampler = new BatchSampler(execution, examples, plan.shuffle(), sliceRows, plan.seed());
        this.gradient = new float[spec.parameterCount()];
        this.updater = plan.optimizer().updaterFor(spec);
    }

    @Override
    public void beginEpoch(int epoch) {
        sampler.begin(epoch);
    }

    @Override
    public boolean take(Step step, float[] parameters, StopSignal stopSignal) {
        backward.begin(step.rows);
        for (int done = 0; done < step.rows; done += sliceRows) {
            if (done > 0 && stopSignal.requested()) {
                return false;
            }
            Batch slice = sampler.rows(step.firstRow + done, Math.min(sliceRows, step.rows - done));
            dropout.at(step.epoch, step.inEpoch, done);
            forward.run(parameters, slice.inputs, slice.inputsOffset, slice.rows, dropout);
            backward.run(parameters, slice, gradient);
        }
        addPenalty(parameters);
        clip();
        float learningRate = plan.schedule().learningRate(plan.learningRate(), step.number);
        updater.step(execution, step.number + 1, learningRate, gradient, parameters);
        return true;
    }

    @Override
    public double lossSum() {
        return backward.lossSum();
    }

    private void addPenalty(float[] parameters) {
        Regularization regularization = plan.regularization();
        if (regularization.penalizes()) {
            for (DenseLayer layer : forward.layers) {
                execution
                        .kernels()
                        .addPenalty(
                                regularization.l1(),
                                regularization.l2(),
                                parameters,
                                layer.weightsOffset(),
                                gradient,
                                layer.weightsOffset(),
                                layer.inputs() * layer.units());
            }
        }
    }

    private void clip() {
        Regularization regularization = plan.regularization();
        if (regularization.clips()) {
            gradientNorm = Math.sqrt(execution.kernels().sumOfSquares(gradient, 0, gradient.length));
            if (gradientNorm > regularization.globalClipNorm()) {
                float factor = (float) (regularization.globalClipNorm() / gradientNorm);
                execution.kernels().scale(factor, gradient, 0, gradient.length);
            }
        }
    }

    @Override
    public double gradientNorm() {
        return gradientNorm;
    }

    @Override
    public Updater updater() {
        return updater;
    }
}
