package io.backprop.prediction.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.ClassificationMetrics;
import io.backprop.model.Metrics;
import io.backprop.prediction.Evaluation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The loss and the metrics of the predictions.
 *
 * @param metrics scalar metrics by name; null if a metric is undefined or not finite
 * @param confusionMatrix examples by actual class (rows) and predicted class (columns); absent for a regression and for more
 *     than 1,000 classes, which would give millions of numbers
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
                classification == null ? null : classification.classes(),
                classification == null ? null : byClass(classification),
                evaluation.warnings());
    }

    private static @Nullable List<List<Long>> confusionMatrix(Metrics.Classification classification) {
        return classification.classes().size() > MAX_CLASSES_OF_MATRIX
                ? null
                : Arrays.stream(classification.values().confusionMatrix())
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList();
    }

    private static Map<String, ClassMetrics> byClass(Metrics.Classification classification) {
        ClassificationMetrics values = classification.values();
        Map<String, ClassMetrics> byClass = new LinkedHashMap<>();
        for (String name : classification.classes()) {
            int index = byClass.size();
            byClass.put(
                    name,
                    new ClassMetrics(
                            values.precision(index), values.recall(index), values.f1(index), values.examples(index)));
        }
        return byClass;
    }
}
