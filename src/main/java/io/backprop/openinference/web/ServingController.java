package io.backprop.openinference.web;

import io.backprop.openinference.ModelRepository;
import io.backprop.prediction.Prediction;
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
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The REST interface of TensorFlow Serving. */
@RestController
@RequestMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "TensorFlow Serving", description = "Predict with clients of TensorFlow Serving")
class ServingController {

    private final ModelRepository models;
    private final PredictionService predictions;
    private final TablePredictions tables;

    ServingController(ModelRepository models, PredictionService predictions, TablePredictions tables) {
        this.models = models;
        this.predictions = predictions;
        this.tables = tables;
    }

    @PostMapping("/{id}:predict")
    @Operation(operationId = "servingPredict", summary = "Predict with the current version")
    @ApiResponse(responseCode = "200", description = "The predictions, in the order of the rows")
    ServingPredictResponse predict(@PathVariable String id, @Valid @RequestBody ServingPredictRequest request) {
        return predict(id, null, request);
    }

    @PostMapping("/{id}/versions/{version}:predict")
    @Operation(operationId = "servingPredictVersion", summary = "Predict with a version")
    @ApiResponse(responseCode = "200", description = "The predictions, in the order of the rows")
    ServingPredictResponse predictVersion(
            @PathVariable String id, @PathVariable String version, @Valid @RequestBody ServingPredictRequest request) {
        return predict(id, version, request);
    }

    private ServingPredictResponse predict(String id, @Nullable String version, ServingPredictRequest request) {
        Predictor predictor = new Predictor(models.find(id, version));
        PredictRequest rows = request.toPredictRequest();
        Prediction prediction = rows.tableRows()
                .map(table -> tables.predict(predictor, table::readInto, rows.cellRules(predictor.cellFormat())))
                .orElseGet(() -> predictions.predict(predictor, rows.requireInputs()));
        return ServingPredictResponse.of(prediction, request.isByRow(), rows.rows() != null);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getServingStatus", summary = "Get the state of the current version")
    @ApiResponse(responseCode = "200", description = "The state")
    ServingStatusResponse getStatus(@PathVariable String id) {
        return ServingStatusResponse.of(models.find(id, null));
    }

    @GetMapping("/{id}/versions/{version}")
    @Operation(operationId = "getServingVersionStatus", summary = "Get the state of a version")
    @ApiResponse(responseCode = "200", description = "The state")
    ServingStatusResponse getVersionStatus(@PathVariable String id, @PathVariable String version) {
        return ServingStatusResponse.of(models.find(id, version));
    }

    @GetMapping("/{id}/metadata")
    @Operation(operationId = "getServingMetadata", summary = "Get the inputs and outputs of the current version")
    @ApiResponse(responseCode = "200", description = "The inputs and outputs")
    ServingMetadataResponse getMetadata(@PathVariable String id) {
        return ServingMetadataResponse.of(models.find(id, null));
    }
}
