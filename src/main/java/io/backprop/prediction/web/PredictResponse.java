package io.backprop.prediction.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.prediction.Prediction;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The predictions, one row per row of the request.
 *
 * @param predictions numbers or, if the target is a date, texts; for a classification one probability per class, in the order of the classes
 * @param classes the names of the classes; absent unless the model is a classifier
 * @param labels the predicted class of each row; absent unless the model is a classifier whose classes exclude each other
 * @param labelSets the predicted classes of each row, any number of them; absent unless the classes do not exclude each other
 * @param warnings about categories that the model has not learned; absent if there are none
 */
@Schema(name = "Predictions")
record PredictResponse(
        String model,
        long version,
        Object predictions,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> classes,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> labels,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<List<String>> labelSets,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings) {

    static PredictResponse of(Prediction prediction) {
        return new PredictResponse(
                prediction.model().id(),
                prediction.model().version(),
                prediction.inUnit(),
                prediction.classes(),
                prediction.labels(),
                prediction.labelSets(),
                prediction.warnings());
    }
}
