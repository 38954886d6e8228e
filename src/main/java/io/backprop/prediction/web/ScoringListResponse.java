package io.backprop.prediction.web;

import io.backprop.prediction.Scoring;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The last predictions for tables of a model. */
@Schema(name = "TablePredictionList")
record ScoringListResponse(List<ScoringResponse> predictions) {

    static ScoringListResponse of(List<Scoring> scorings) {
        return new ScoringListResponse(
                scorings.stream().map(ScoringResponse::of).toList());
    }
}
