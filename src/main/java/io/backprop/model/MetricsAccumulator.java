package io.backprop.model;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Matrix;
import io.backprop.engine.RegressionMetrics;

/**
 * The metrics of a model's predictions for examples that may come in parts. Where no task was said, targets that are all 0
 * or 1 make a classification.
 */
public final class MetricsAccumulator {
    /*
     * Without a task only the last example tells. Till then both kinds are added up, unless one is ruled out.
     */

    private final Architecture architecture;
    private final int outputs;
    private final RegressionMetrics.Accumulator regression;
    private final ClassificationMetrics.Accumulator classification;
    private boolean classes = true;

    public MetricsAccumulator(Architecture architecture, int outputs) {
        this.architecture = architecture;
        this.outputs = outputs;
        this.classification = new ClassificationMetrics.Accumulator(outputs);
        this.regression = new RegressionMetrics.Accumulator(outputs);
    }

    /** Takes the next examples: predictions, examples × outputs, and targets of the same shape. */
    public void add(Matrix predictions, Matrix targets) {
        classes = classes && areClasses(architecture, targets);
        if (classes) {
            classification.add(predictions, targets);
        }
        if (!classes || architecture.outputLayer().task() == null) {
            regression.add(predictions, targets);
        }
    }

    /** Of all examples so far, at least one. */
    public Metrics metrics() {
        return classes
                ? new Metrics.Classification(
                        classification.metrics(), architecture.classes(outputs).labels())
                : new Metrics.Regression(regression.metrics());
    }

    /** Whether targets tell classes. */
    static boolean areClasses(Architecture architecture, Matrix targets) {
        Task task = architecture.outputLayer().task();
        boolean scaled = !architecture.preprocessing().targets().isNone();
        return task == Task.CLASSIFICATION || (task == null && !scaled && isOneHot(targets));
    }

    private static boolean isOneHot(Matrix targets) {
        for (int row = 0; row < targets.rows(); row++) {
            int ones = 0;
            for (int column = 0; column < targets.columns(); column++) {
                float value = targets.get(row, column);
                if (value != 0 && value != 1) {
                    return false;
                }
                ones += (int) value;
            }
            if (targets.columns() > 1 && ones != 1) {
                return false;
            }
        }
        return true;
    }
}
