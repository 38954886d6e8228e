package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Metric;
import io.backprop.engine.StopReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a training has ended whose network is published.
 *
 * @param reason not {@link StopReason#ERROR}, after which nothing is published
 * @param bestEpoch epoch of the published parameters
 * @param seconds time spent in the training, by all drivers
 * @param temperature of the probabilities; 1 without calibration
 * @param validationScores metrics of the published network, undefined where they are not finite; empty without validation
 * @param error why the training has diverged after the epoch that is published; null if it has not
 */
public record TrainingResultReport(
        StopReason reason,
        int bestEpoch,
        double seconds,
        double temperature,
        List<Metric.Score> validationScores,
        @Nullable String error) {

    public TrainingResultReport {
        validationScores = validationScores.stream()
                .map(TrainingResultReport::finiteOrUndefined)
                .toList();
        requireArgument(
                reason != StopReason.ERROR, "reason must be one of a training that is published, but was ERROR");
        requireArgument(
                (error != null) == (reason == StopReason.DIVERGED),
                "error must be given if reason is DIVERGED, and only then, but reason is %s",
                reason);
        error = error == null ? null : ReportedText.limit(error);
        requireArgument(bestEpoch >= 0, "bestEpoch must be at least 0, but was %d", bestEpoch);
        ProgressReport.requireSeconds(seconds);
        requireArgument(
                temperature > 0 && Double.isFinite(temperature),
                "temperature must be finite and greater than 0, but was %s",
                temperature);
    }

    private static Metric.Score finiteOrUndefined(Metric.Score score) {
        Double value = score.value();
        return value == null || Double.isFinite(value) ? score : new Metric.Score(score.metric(), null);
    }
}
