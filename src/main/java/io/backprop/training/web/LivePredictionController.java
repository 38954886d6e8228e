package io.backprop.training.web;

import io.backprop.prediction.Prediction;
import io.backprop.prediction.PredictionService;
import io.backprop.prediction.Predictor;
import io.backprop.prediction.TablePredictions;
import io.backprop.training.LiveModel;
import io.backprop.training.LiveModelService;
import io.backprop.web.table.PredictRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Predicts with the parameters that a training has reached. */
@RestController
@Tag(name = "Training")
class LivePredictionController {

    private final LiveModelService models;
    private final PredictionService predictions;
    private final TablePredictions tables;

    LivePredictionController(LiveModelService models, PredictionService predictions, TablePredictions tables) {
        this.models = models;
        this.predictions = predictions;
        this.tables = tables;
    }

    @PostMapping(path = "/models/{id}/trainings/{number}/predict", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "predictDuringTraining",
            summary = "Predict with a network that is being trained",
            description = "With its parameters after the last epoch or, if they were not requested during it, after the"
                    + " current one, for which the request waits up to a second. If that takes longer, or if"
                    + " another replica trains it, with those of the last checkpoint. Of an ensemble, the networks"
                    + " that are completed and the one in training are averaged")
    @ApiResponse(responseCode = "200", description = "The predictions, in the order of the rows")
    @ApiResponse(responseCode = "406", description = "No media type of the Accept header is available")
    @ApiResponse(responseCode = "409", description = "The training has ended, or is a cross-validation")
    LivePredictResponse predict(
            @PathVariable String id,
            @PathVariable int number,
            @RequestParam(required = false) @Nullable Float threshold,
            @Valid @RequestBody PredictRequest request) {
        LiveModel live = models.get(id, number);
        Predictor predictor = new Predictor(live.model()).withThreshold(threshold);
        Prediction prediction = request.tableRows()
                .map(rows -> tables.predict(predictor, rows::readInto, request.cellRules(predictor.cellFormat())))
                .orElseGet(() -> predictions.predict(predictor, request.requireInputs()));
        return LivePredictResponse.of(number, live.epoch(), prediction);
    }
}
