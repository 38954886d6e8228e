package io.backprop.prediction.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Metric;
import io.backprop.prediction.Importance;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * What each feature matters to a version's predictions, the one that matters most first.
 *
 * @param score the metric of the predictions for the rows as they were sent
 * @param warnings of words that the model has never seen, and of rows without a target; absent without any
 */
@Schema(name = "Importance")
record ImportanceResponse(
        String model,
        long version,
        int examples,
        Metric metric,
        double score,
        int repeats,
        List<Feature> features,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings) {

    /**
     * What the metric loses while the feature's values are in random order.
     *
     * @param mean over the repeats
     * @param deviation over the repeats
     */
    @Schema(name = "FeatureImportance")
    record Feature(String name, double mean, double deviation) {

        static Feature of(Importance.Feature feature) {
            return new Feature(feature.name(), feature.mean(), feature.deviation());
        }
    }

    static ImportanceResponse of(Importance importance) {
        return new ImportanceResponse(
                importance.model().id(),
                importance.model().version(),
                importance.examples(),
                importance.metric(),
                importance.score(),
                importance.repeats(),
                importance.features().stream().map(Feature::of).toList(),
                importance.warnings());
    }
}
