package io.backprop.prediction.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.prediction.Evaluation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How well a version does on the rows that were sent.
 *
 * @param warnings of words that the model has never seen, and of rows without a target; absent without any
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
