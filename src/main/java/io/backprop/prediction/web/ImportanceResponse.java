package io.backprop.prediction.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Metric;
import io.backprop.prediction.Importance;
import io.backprop.prediction.Importance.FeatureImportance;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * How much the predictions depend on each feature, most important first.
 *
 * @param score the metric without any permutation
 * @param warnings about categories that the model has not learned and rows without a target; absent if there are none
 */
@Schema(name = "Importance")
record ImportanceResponse(
        String model,
        long version,
        int examples,
        Metric metric,
        double score,
        int repeats,
        List<FeatureImportance> features,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings) {

    static ImportanceResponse of(Importance importance) {
        return new ImportanceResponse(
                importance.model().id(),
                importance.model().version(),
                importance.examples(),
                importance.metric(),
                importance.score(),
                importance.repeats(),
                importance.features(),
                importance.warnings());
    }
}
