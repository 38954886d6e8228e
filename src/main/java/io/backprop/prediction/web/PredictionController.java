package io.backprop.prediction.web;

import io.backprop.prediction.ImportanceService;
import io.backprop.prediction.PredictionService;
import io.backprop.prediction.Predictor;
import io.backprop.prediction.TablePredictions;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.util.List;
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
    @ApiResponse(responseCode = "507", description = "No storage space left")
    PredictResponse predict(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @RequestParam(required = false)
                    @DecimalMin(value = "0", inclusive = false)
                    @DecimalMax(value = "1", inclusive = false)
                    @Nullable
                    Float threshold,
            @Valid @RequestBody PredictRequest request) {
        Predictor predictor = withThreshold(threshold, predictions.predictor(id, version));
        return PredictResponse.of(request.table()
                .map(rows -> tables.predict(predictor, rows::readInto, request.cellRules(predictor.cellFormat())))
                .orElseGet(() -> predictions.predict(predictor, request.requireInputs())));
    }

    /** Rejects a threshold for a model with other than two classes, unless they do not exclude each other. */
    static Predictor withThreshold(@Nullable Float threshold, Predictor predictor) {
        List<String> classes = predictor.classes();
        if (threshold != null && !predictor.takesThreshold()) {
            String detail = "is for a model with 2 classes, but this one "
                    + (classes.isEmpty() ? "predicts numbers" : "has " + classes.size());
            throw ProblemType.INVALID_FIELD.exception(FieldProblem.parameter("threshold", detail));
        }
        return predictor.withThreshold(threshold);
    }

    @PostMapping("/evaluate")
    @Operation(operationId = "evaluate", summary = "Compare predictions with targets")
    @ApiResponse(responseCode = "200", description = "The loss and the metrics")
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    EvaluateResponse evaluate(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @RequestParam(required = false)
                    @DecimalMin(value = "0", inclusive = false)
                    @DecimalMax(value = "1", inclusive = false)
                    @Nullable
                    Float threshold,
            @Valid @RequestBody EvaluateRequest request) {
        Predictor predictor = withThreshold(threshold, predictions.predictor(id, version));
        predictor.requireTarget(request.target());
        return EvaluateResponse.of(request.table()
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
