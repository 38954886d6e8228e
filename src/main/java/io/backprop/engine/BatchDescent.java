package io.backprop.engine;

/** The descent for batches of any size and every optimizer: the gradient of a batch, kept in bounds, then its step. */
final class BatchDescent implements Descent {
    /*
     * A batch too large for the workspace is worked off in slices. Each sum over the batch goes on where the slice
     * before left it, so the bits are those of the batch in one piece.
     */

    private final Processor processor;
    private final TrainingPlan plan;
    private final ForwardPass forward;
    private final BackwardPass backward;
    private final Dropout dropout;
    private final EpochOrder order;
    private final float[] gradient;
    private final Updater updater;
    private final int sliceRows;

    BatchDescent(Processor processor, NetworkSpec spec, TrainingPlan plan, Examples examples) {
        this(
                processor,
                spec,
                plan,
                examples,
                ForwardPass.rowsAtOnce(spec, Math.min(plan.batchSize(), examples.size())));
    }

    BatchDescent(Processor processor, NetworkSpec spec, TrainingPlan plan, Examples examples, int sliceRows) {
        this.processor = processor;
        this.plan = plan;
        this.sliceRows = sliceRows;
        this.forward = ForwardPass.forTraining(processor, spec, sliceRows);
        this.dropout = new Dropout(processor, forward.layers, sliceRows, plan.seed());
        this.backward = new BackwardPass(processor, spec, forward, dropout);
        this.order = new EpochOrder(processor, examples, plan.shuffle(), sliceRows, plan.seed());
        this.gradient = new float[spec.parameterCount()];
        this.updater = plan.optimizer().updaterFor(spec.parameterCount());
    }

    @Override
    public void beginEpoch(int epoch) {
        order.begin(epoch);
    }

    @Override
    public boolean take(Step step, float[] parameters, StopQuestion question) {
        backward.begin(step.rows);
        for (int done = 0; done < step.rows; done += sliceRows) {
            if (done > 0 && question.saysStop()) {
                return false;
            }
            Batch slice = order.rows(step.firstRow + done, Math.min(sliceRows, step.rows - done));
            dropout.at(step.epoch, step.inEpoch, done);
            forward.run(parameters, slice.inputs, slice.inputsOffset, slice.rows, dropout);
            backward.run(parameters, slice, gradient);
        }
        penalize(parameters);
        clip();
        float learningRate = plan.schedule().learningRate(plan.learningRate(), step.number);
        updater.step(processor, step.number + 1, learningRate, gradient, parameters);
        return true;
    }

    @Override
    public double lossSum() {
        return backward.lossSum();
    }

    private void penalize(float[] parameters) {
        Regularization regularization = plan.regularization();
        if (regularization.penalizes()) {
            for (DenseLayer layer : forward.layers) {
                processor
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
            double norm = Math.sqrt(processor.kernels().sumOfSquares(gradient, 0, gradient.length));
            if (norm > regularization.clipNorm()) {
                processor.kernels().scale((float) (regularization.clipNorm() / norm), gradient, 0, gradient.length);
            }
        }
    }

    @Override
    public Updater updater() {
        return updater;
    }
}
