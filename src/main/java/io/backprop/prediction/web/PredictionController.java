package io.backprop.prediction.web;

import io.backprop.prediction.ImportanceService;
import io.backprop.prediction.PredictionService;
import io.backprop.prediction.Predictor;
import io.backprop.prediction.TablePredictions;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/models/{id}")
@Tag(name = "Prediction", description = "Predict with trained networks and evaluate them")
class PredictionController {

    private final PredictionService predictions;
    private final TablePredictions tables;
    private final ImportanceService importances;

    PredictionController(PredictionService predictions, TablePredictions tables, ImportanceService importances) {
        this.predictions = predictions;
        this.tables = tables;
        this.importances = importances;
    }

    @PostMapping(path = "/predict", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "predict", summary = "Predict for rows of numbers or of a table")
    @ApiResponse(responseCode = "200", description = "The predictions, in the order of the rows")
    @ApiResponse(responseCode = "406", description = "No media type of the Accept header is available")
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    @ApiResponse(responseCode = "507", description = "No storage space left, or other responses take it all")
    PredictResponse predict(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @RequestParam(required = false) @Nullable Float threshold,
            @Valid @RequestBody PredictRequest request) {
        Predictor predictor = predictions.predictor(id, version).withThreshold(threshold);
        return PredictResponse.of(request.tableRows()
                .map(rows -> tables.predict(predictor, rows::readInto, request.cellRules(predictor.cellFormat())))
                .orElseGet(() -> predictions.predict(predictor, request.requireInputs())));
    }

    @PostMapping("/evaluate")
    @Operation(operationId = "evaluate", summary = "Compare predictions with targets")
    @ApiResponse(responseCode = "200", description = "The loss and the metrics")
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    EvaluateResponse evaluate(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @RequestParam(required = false) @Nullable Float threshold,
            @Valid @RequestBody EvaluateRequest request) {
        Predictor predictor = predictions.predictor(id, version).withThreshold(threshold);
        predictor.requireTarget(request.target());
        return EvaluateResponse.of(request.tableRows()
                .map(rows -> tables.evaluate(predictor, rows::readInto, request.cellRules(predictor.cellFormat())))
                .orElseGet(() -> predictions.evaluate(predictor, request.requireInputs(), request.requireTargets())));
    }

    @PostMapping("/importance")
    @Operation(operationId = "measureImportance", summary = "Measure the permutation importance of each feature")
    @ApiResponse(responseCode = "200", description = "The importance of each feature")
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    ImportanceResponse measureImportance(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @Valid @RequestBody ImportanceRequest request) {
        Predictor predictor = predictions.predictor(id, version);
        predictor.requireTarget(request.target());
        return ImportanceResponse.of(request.measure(importances, predictor));
    }
}
