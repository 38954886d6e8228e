package io.backprop.prediction.web;

import io.backprop.prediction.ImportanceService;
import io.backprop.prediction.PredictionService;
import io.backprop.prediction.Predictor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/models/{id}/importance")
@Tag(name = "Prediction")
class ImportanceController {

    private final PredictionService predictions;
    private final ImportanceService importances;

    ImportanceController(PredictionService predictions, ImportanceService importances) {
        this.predictions = predictions;
        this.importances = importances;
    }

    @PostMapping
    @Operation(operationId = "measureImportance", summary = "Measure the permutation importance of each feature")
    @ApiResponse(responseCode = "200", description = "The importance of each feature")
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    ImportanceResponse measure(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @Valid @RequestBody ImportanceRequest request) {
        Predictor predictor = predictions.predictor(id, version);
        return ImportanceResponse.of(request.measure(importances, predictor));
    }
}
