package io.backprop.training.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.prediction.Prediction;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The predictions of a network in training, one row per row of the request.
 *
 * @param training number of the training
 * @param epoch number of its completed epochs
 * @param predictions numbers or, if the target is a date, texts; for a classification one probability per class, in the
 *     order of the classes
 * @param classes the names of the classes; absent unless the model is a classifier
 * @param labels the predicted class of each row; absent unless the model is a classifier whose classes exclude each other
 * @param labelSets the predicted classes of each row, any number of them; absent unless the classes do not exclude each
 *     other
 * @param warnings about categories that the model has not learned; absent if there are none
 */
@Schema(name = "LivePredictions")
record LivePredictResponse(
        String model,
        int training,
        int epoch,
        Object predictions,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> classes,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> labels,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<List<String>> labelSets,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings) {

    static LivePredictResponse of(int training, int epoch, Prediction prediction) {
        return new LivePredictResponse(
                prediction.model().id(),
                training,
                epoch,
                prediction.inUnit(),
                prediction.classes(),
                prediction.labels(),
                prediction.labelSets(),
                prediction.warnings());
    }
}
