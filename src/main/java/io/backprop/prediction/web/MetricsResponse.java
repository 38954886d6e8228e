package io.backprop.prediction.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.RegressionMetrics;
import io.backprop.model.Metrics;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The metrics of a task; null if a metric is not finite. */
@Schema(
        name = "Metrics",
        oneOf = {MetricsResponse.Regression.class, MetricsResponse.Classification.class})
sealed interface MetricsResponse {

    static MetricsResponse of(Metrics metrics) {
        return metrics instanceof Metrics.Classification classification
                ? Classification.of(classification.values(), classification.classes())
                : Regression.of(((Metrics.Regression) metrics).values());
    }

    @Schema(name = "RegressionMetrics")
    record Regression(
            @JsonProperty(value = "mean_squared_error", required = true) @Nullable
            Double meanSquaredError,

            @JsonProperty(value = "mean_absolute_error", required = true) @Nullable
            Double meanAbsoluteError,

            @JsonProperty(value = "root_mean_squared_error", required = true) @Nullable
            Double rootMeanSquaredError,

            @JsonProperty("r2") @Nullable Double r2)
            implements MetricsResponse {

        private static Regression of(RegressionMetrics metrics) {
            return new Regression(
                    metrics.meanSquaredError(),
                    metrics.meanAbsoluteError(),
                    metrics.rootMeanSquaredError(),
                    metrics.r2());
        }
    }

    /**
     * The metrics of a classification.
     *
     * @param auc area under the receiver operating characteristic; only with one output and at most 16,777,216 examples
     * @param confusionMatrix examples by actual class (rows) and predicted class (columns); null for more than 1,000
     *     classes, which would give millions of numbers
     */
    @Schema(name = "ClassificationMetrics")
    record Classification(
            double accuracy,

            @JsonProperty(value = "log_loss", required = true) @Nullable
            Double logLoss,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Double auc,

            List<String> classes,
            @Nullable List<List<Long>> confusionMatrix,
            Map<String, Double> precision,
            Map<String, Double> recall,
            Map<String, Double> f1)
            implements MetricsResponse {

        private static final int MAX_CLASSES_OF_MATRIX = 1_000;

        private static Classification of(ClassificationMetrics metrics, List<String> classes) {
            return new Classification(
                    metrics.accuracy(),
                    metrics.logLoss(),
                    metrics.auc(),
                    classes,
                    classes.size() > MAX_CLASSES_OF_MATRIX ? null : matrix(metrics),
                    byClass(classes, metrics::precision),
                    byClass(classes, metrics::recall),
                    byClass(classes, metrics::f1));
        }

        private static List<List<Long>> matrix(ClassificationMetrics metrics) {
            return Arrays.stream(metrics.confusionMatrix())
                    .map(row -> Arrays.stream(row).boxed().toList())
                    .toList();
        }

        private static Map<String, Double> byClass(List<String> classes, IntToDoubleFunction metric) {
            Map<String, Double> values = new LinkedHashMap<>();
            for (String name : classes) {
                values.put(name, metric.applyAsDouble(values.size()));
            }
            return values;
        }
    }
}
