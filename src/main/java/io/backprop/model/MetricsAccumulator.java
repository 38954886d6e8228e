package io.backprop.model;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Matrix;
import io.backprop.engine.RegressionMetrics;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a model's predictions for examples that may come in parts. Where no task was said, targets that are all 0
 * or 1 make a classification.
 */
public final class MetricsAccumulator {
    /*
     * Without a task only the last example tells. Till then both kinds are added up, unless one is ruled out. For many
     * classes there are very many numbers, so these are not counted before it is worth it.
     */

    private final Architecture architecture;
    private final int outputs;
    private final RegressionMetrics.Accumulator regression;
    private ClassificationMetrics.@Nullable Accumulator classification;
    private boolean classes = true;

    public MetricsAccumulator(Architecture architecture, int outputs) {
        this.architecture = architecture;
        this.outputs = outputs;
        this.regression = new RegressionMetrics.Accumulator(outputs);
    }

    /** Takes the next examples: predictions, examples × outputs, and targets of the same shape. */
    public void add(Matrix predictions, Matrix targets) {
        classes = classes && areClasses(architecture, targets);
        if (classes) {
            if (classification == null) {
                classification = new ClassificationMetrics.Accumulator(outputs);
            }
            classification.add(predictions, targets);
        } else {
            classification = null;
        }
        if (!classes || architecture.outputLayer().task() == null) {
            regression.add(predictions, targets);
        }
    }

    /** Of all examples so far, at least one. */
    public Metrics metrics() {
        return classification == null
                ? new Metrics.Regression(regression.metrics())
                : new Metrics.Classification(
                        classification.metrics(), architecture.classes(outputs).labels());
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
