package io.backprop.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one epoch.
 *
 * @param epoch number of this epoch, from 1
 * @param epochs number of planned epochs
 * @param loss mean over the examples, each computed before the step that uses it
 * @param validationLoss mean over the validation examples after the epoch; null without validation
 * @param validationScores metrics of the validation examples: those {@linkplain Trainer#measuring requested}, and those that
 *     the training monitors
 */
public record EpochReport(
        int epoch, int epochs, double loss, @Nullable Double validationLoss, List<Metric.Score> validationScores) {

    /** The value of a metric in this epoch; NaN if it is undefined or was not computed. */
    public double value(Metric metric) {
        Double value = metric == Metric.LOSS ? Double.valueOf(loss) : validationLoss;
        for (Metric.Score score : validationScores) {
            value = score.metric() == metric ? score.value() : value;
        }
        return value == null ? Double.NaN : value;
    }
}
