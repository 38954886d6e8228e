package io.backprop.openinference.web;

import io.backprop.prediction.PredictionService;
import io.backprop.prediction.Predictor;
import io.backprop.prediction.TablePredictions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The REST interface of MLflow's scoring server. */
@RestController
@Tag(name = "MLflow", description = "Predict with clients of MLflow")
class InvocationsController {

    private final PredictionService predictions;
    private final TablePredictions tables;

    InvocationsController(PredictionService predictions, TablePredictions tables) {
        this.predictions = predictions;
        this.tables = tables;
    }

    @PostMapping(path = "/invocations", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "invoke", summary = "Predict for rows in a form of MLflow")
    @ApiResponse(responseCode = "200", description = "The predictions, in the order of the rows")
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    InvocationsResponse invoke(
            @RequestParam String model,
            @RequestParam(required = false) @Nullable Long version,
            @Valid @RequestBody InvocationsRequest request) {
        request.requireSingle();
        Predictor predictor = predictions.predictor(model, version);
        return InvocationsResponse.of(request.tableRows()
                .map(rows -> tables.predict(predictor, rows::readInto, request.cellRules(predictor.cellFormat())))
                .orElseGet(() -> predictions.predict(predictor, request.requireInputs())));
    }
}
