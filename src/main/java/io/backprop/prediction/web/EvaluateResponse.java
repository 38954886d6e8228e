package io.backprop.prediction.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.prediction.Evaluation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The loss and the metrics of the predictions.
 *
 * @param warnings about categories that the model has not learned and rows without a target; absent if there are none
 */
@Schema(name = "Evaluation")
record EvaluateResponse(
        String model,
        long version,
        int examples,
        @Nullable Double loss,
        MetricsResponse metrics,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings) {

    static EvaluateResponse of(Evaluation evaluation) {
        return new EvaluateResponse(
                evaluation.model().id(),
                evaluation.model().version(),
                evaluation.examples(),
                evaluation.loss(),
                MetricsResponse.of(evaluation.metrics()),
                evaluation.warnings());
    }
}
