package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import org.jspecify.annotations.Nullable;

/**
 * Computes the predictions of a network, or of an ensemble, and their mean loss. The examples may be added in several parts;
 * the loss has the same bits for any division. Not thread-safe.
 */
public final class Evaluator {

    private final Execution execution;
    private final NetworkSpec spec;
    private final LossFunction loss;
    private final float[][] parameters; // per network
    private final double temperature;
    private final Batch batch = new Batch();
    private @Nullable EnsemblePass pass;
    private int largest; // number of examples added at once
    private double lossSum;
    private long examples;

    /** Creates an evaluator that reads the parameters each time examples are added. */
    Evaluator(Execution execution, NetworkSpec spec, float[] parameters) {
        this(execution, spec, new float[][] {parameters}, 1);
    }

    /** Creates an evaluator of the networks of an {@link Ensemble}. */
    Evaluator(Execution execution, NetworkSpec spec, float[][] parameters, double temperature) {
        this.execution = execution;
        this.spec = spec;
        this.loss = LossFunction.of(spec);
        this.parameters = parameters;
        this.temperature = temperature;
    }

    /**
     * Adds examples.
     *
     * @return predictions for these examples, examples × outputs
     */
    public Matrix add(Examples added) {
        added.requireFit(spec);
        float[] predictions = new float[Matrix.elementCount(added.size(), spec.outputs())];
        add(added, predictions, new StopSignal(() -> null));
        return Matrix.wrap(added.size(), spec.outputs(), predictions);
    }

    /**
     * Adds examples that fit the network, unless a stop is requested.
     *
     * @param predictions receives the predictions, examples × outputs. Modified.
     * @param stopSignal polled between batches
     * @return false if it requested a stop
     */
    boolean add(Examples added, float[] predictions, StopSignal stopSignal) {
        if (pass == null || largest < added.size()) {
            largest = added.size();
            pass = new EnsemblePass(
                    execution,
                    spec,
                    parameters,
                    temperature,
                    largest,
                    spec.loss().usesLogits());
        }
        OutputRow outputRow = pass.outputRow();
        for (int first = 0; first < added.size(); first += batch.rows) {
            if (first > 0 && stopSignal.requested()) {
                return false;
            }
            batch.view(added, first, Math.min(pass.rows, added.size() - first));
            pass.run(batch.inputs, batch.inputsOffset, batch.rows);
            for (int row = 0; row < batch.rows; row++) {
                lossSum += batch.weight(row) * loss.of(outputRow.at(row, batch.targets, batch.targetsOffset));
            }
            System.arraycopy(pass.predictions(), 0, predictions, first * spec.outputs(), batch.rows * spec.outputs());
        }
        examples += added.size();
        return true;
    }

    /** Mean of the weighted losses of all examples added so far, at least one. */
    public double loss() {
        requireAtLeast(1, examples, "examples");
        return lossSum / examples;
    }

    /** Discards all examples added so far. */
    void reset() {
        lossSum = 0;
        examples = 0;
    }
}
