package io.backprop.model.web;

import io.backprop.model.Evaluation;
import io.swagger.v3.oas.annotations.media.Schema;

/** How well a version does on the rows that were sent. */
@Schema(name = "Evaluation")
record EvaluateResponse(String model, long version, int examples, double loss, MetricsResponse metrics) {

    static EvaluateResponse of(Evaluation evaluation) {
        return new EvaluateResponse(
                evaluation.model().id(),
                evaluation.model().version(),
                evaluation.examples(),
                evaluation.loss(),
                MetricsResponse.of(evaluation.metrics()));
    }
}
