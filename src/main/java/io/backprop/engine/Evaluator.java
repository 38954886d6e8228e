package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import io.backprop.engine.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * Computes the predictions of a network and their mean loss. The examples may be added in several parts; the loss has the
 * same bits for any division. Not thread-safe.
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
     * Adds examples.
     *
     * @return predictions for these examples, examples × outputs
     */
    public Matrix add(Examples added) {
        added.requireFit(spec);
        if (pass == null || largest < added.size()) {
            largest = added.size();
            pass = new EvaluationPass(execution, spec, largest);
        }
        float[] predictions = new float[Matrix.elementCount(added.size(), spec.outputs())];
        int first = 0;
        while (first < added.size()) {
            int rows = pass.run(parameters, added, first).rows;
            lossSum = pass.addLosses(lossSum);
            System.arraycopy(pass.predictions(), 0, predictions, first * spec.outputs(), rows * spec.outputs());
            first += rows;
        }
        examples += added.size();
        return Matrix.wrap(added.size(), spec.outputs(), predictions);
    }

    /** Mean of the weighted losses of all examples added so far, at least one. */
    public double loss() {
        requireAtLeast(1, examples, "examples");
        return lossSum / examples;
    }
}
