package io.backprop.training;

import io.backprop.engine.Metric;
import java.util.List;

/**
 * What was measured of the predictions for the validation examples.
 *
 * @param values beside the losses, one for each; NaN where the metric is undefined
 */
public record ValidationScores(Metric metric, List<Double> values) {

    /** The score of the last epoch. */
    public double last() {
        return values.isEmpty() ? Double.NaN : values.get(values.size() - 1);
    }
}
