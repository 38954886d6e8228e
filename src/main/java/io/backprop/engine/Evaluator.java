package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import io.backprop.engine.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a network predicts with what it should, for examples that may come in parts. Each goes through the
 * network once, and however they are parted, the loss has the same bits. For one thread.
 */
public final class Evaluator {

    private final NetworkSpec spec;
    private final float[] parameters;
    private final Execution execution = new Execution(Kernels.best());
    private @Nullable EvaluationPass pass;
    private int largest;
    private double lossSum;
    private long examples;

    Evaluator(NetworkSpec spec, float[] parameters) {
        this.spec = spec;
        this.parameters = parameters;
    }

    /**
     * Takes more examples.
     *
     * @return predictions for these, examples × outputs
     */
    public Matrix add(Examples more) {
        more.requireFit(spec);
        if (pass == null || largest < more.size()) {
            largest = more.size();
            pass = new EvaluationPass(execution, spec, largest);
        }
        float[] predictions = new float[Matrix.elementCount(more.size(), spec.outputs())];
        int first = 0;
        while (first < more.size()) {
            int rows = pass.take(parameters, more, first).rows;
            lossSum = pass.addLosses(lossSum);
            System.arraycopy(pass.predictions(), 0, predictions, first * spec.outputs(), rows * spec.outputs());
            first += rows;
        }
        examples += more.size();
        return Matrix.wrap(more.size(), spec.outputs(), predictions);
    }

    /** Mean loss over all examples so far, at least one, each times its weight. */
    public double loss() {
        requireAtLeast(1, examples, "examples");
        return lossSum / examples;
    }
}
