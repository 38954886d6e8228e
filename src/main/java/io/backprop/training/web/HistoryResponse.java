package io.backprop.training.web;

import io.backprop.engine.Metric;
import io.backprop.training.LearningCurves;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Losses and validation metrics by epoch. Within a training they are evenly thinned to 1,000 points. */
@Schema(name = "History")
record HistoryResponse(
        List<@Nullable Double> loss,
        @Nullable List<@Nullable Double> validationLoss,
        @Nullable Map<String, List<@Nullable Double>> validationMetrics) {

    static HistoryResponse of(LearningCurves curves) {
        LearningCurves.Scores scores = curves.validationScores();
        return new HistoryResponse(
                finiteOrNull(curves.loss()),
                curves.validationLoss() == null ? null : finiteOrNull(curves.validationLoss()),
                scores == null ? null : Map.of(nameOf(scores.metric()), finiteOrNull(scores.values())));
    }

    /** The same values, for the JSON serializer, which writes those that are not finite as null. */
    private static List<@Nullable Double> finiteOrNull(List<Double> values) {
        return Collections.unmodifiableList(values);
    }

    static String nameOf(Metric metric) {
        return metric.name().toLowerCase(Locale.ROOT);
    }
}
