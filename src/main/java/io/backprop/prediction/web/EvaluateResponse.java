package io.backprop.prediction.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.MultiLabelMetrics;
import io.backprop.model.Metrics;
import io.backprop.prediction.Evaluation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The loss and the metrics of the predictions.
 *
 * @param metrics scalar metrics by name; null if a metric is undefined or not finite
 * @param confusionMatrix examples by actual class (rows) and predicted class (columns); absent for a regression, for
 *     classes that do not exclude each other, and for more than 1,000 classes, which would give millions of numbers
 * @param classes the names of the classes; absent for a regression
 * @param byClass metrics of each class by its name; absent for a regression
 * @param warnings about categories that the model has not learned and rows without a target; absent if there are none
 */
@Schema(name = "Evaluation")
record EvaluateResponse(
        String model,
        long version,
        int examples,
        @Nullable Double loss,
        Map<String, @Nullable Double> metrics,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<List<Long>> confusionMatrix,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> classes,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, ClassMetrics> byClass,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings) {

    private static final int MAX_CLASSES_OF_MATRIX = 1_000;

    /**
     * Metrics of one class.
     *
     * @param examples number of examples of the class
     */
    @Schema(name = "ClassMetrics")
    record ClassMetrics(double precision, double recall, double f1, long examples) {}

    static EvaluateResponse of(Evaluation evaluation) {
        Metrics.Classification classification =
                evaluation.metrics() instanceof Metrics.Classification found ? found : null;
        return new EvaluateResponse(
                evaluation.model().id(),
                evaluation.model().version(),
                evaluation.examples(),
                evaluation.loss(),
                evaluation.metrics().numbers(),
                classification == null ? null : confusionMatrix(classification),
                classes(evaluation.metrics()),
                byClass(evaluation.metrics()),
                evaluation.warnings());
    }

    private static @Nullable List<List<Long>> confusionMatrix(Metrics.Classification classification) {
        return classification.classes().size() > MAX_CLASSES_OF_MATRIX
                ? null
                : Arrays.stream(classification.values().confusionMatrix())
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList();
    }

    private static @Nullable List<String> classes(Metrics metrics) {
        if (metrics instanceof Metrics.MultiLabel labels) {
            return labels.classes();
        }
        return metrics instanceof Metrics.Classification classification ? classification.classes() : null;
    }

    private static @Nullable Map<String, ClassMetrics> byClass(Metrics metrics) {
        if (metrics instanceof Metrics.MultiLabel labels) {
            MultiLabelMetrics values = labels.values();
            return byName(
                    labels.classes(),
                    i -> new ClassMetrics(values.precision(i), values.recall(i), values.f1(i), values.examples(i)));
        }
        if (metrics instanceof Metrics.Classification classification) {
            ClassificationMetrics values = classification.values();
            return byName(
                    classification.classes(),
                    i -> new ClassMetrics(values.precision(i), values.recall(i), values.f1(i), values.examples(i)));
        }
        return null;
    }

    private static Map<String, ClassMetrics> byName(List<String> classes, IntFunction<ClassMetrics> metrics) {
        Map<String, ClassMetrics> byName = new LinkedHashMap<>();
        for (String name : classes) {
            byName.put(name, metrics.apply(byName.size()));
        }
        return byName;
    }
}
