package io.backprop.prediction.web;

import io.backprop.prediction.PredictionService;
import io.backprop.prediction.Predictor;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.TableTypes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/models/{id}")
@Tag(name = "Prediction", description = "Ask trained networks, and measure them")
class PredictionController {

    private final PredictionService predictions;
    private final TablePredictions answers;

    PredictionController(PredictionService predictions, TablePredictions answers) {
        this.predictions = predictions;
        this.answers = answers;
    }

    @PostMapping(path = "/predict", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "predict", summary = "Predict for rows of inputs, or of a table")
    @ApiResponse(responseCode = "200", description = "The predictions, in the order of the rows")
    @ApiResponse(responseCode = "404", description = "The model or the version does not exist")
    @ApiResponse(responseCode = "406", description = "No media type of the Accept header is available")
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    @ApiResponse(responseCode = "507", description = "No storage space left")
    PredictResponse predict(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @Valid @RequestBody PredictRequest request) {
        return request.table()
                .map(rows -> answers.predict(predictions.predictor(id, version), rows))
                .orElseGet(() -> PredictResponse.of(predictions.predict(id, version, request.requireInputs())));
    }

    @PostMapping(
            path = "/predict",
            produces = {TableTypes.CSV, TableTypes.NDJSON})
    @Operation(hidden = true) // the document has one operation for all types of answers
    PredictedRows predictLines(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @Valid @RequestBody PredictRequest request)
            throws HttpMediaTypeNotAcceptableException {
        Predictor predictor = predictions.predictor(id, version);
        Optional<RowSource> rows = request.table();
        if (rows.isEmpty()) {
            throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
        }
        return new PredictedRows(predictor, rows.get());
    }

    @PostMapping("/evaluate")
    @Operation(operationId = "evaluate", summary = "Measure predictions against targets")
    @ApiResponse(responseCode = "200", description = "The loss and the metrics")
    @ApiResponse(responseCode = "404", description = "The model or the version does not exist")
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    EvaluateResponse evaluate(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @Valid @RequestBody EvaluateRequest request) {
        return request.table()
                .map(rows -> answers.evaluate(predictions.predictor(id, version), rows))
                .orElseGet(() -> EvaluateResponse.of(
                        predictions.evaluate(id, version, request.requireInputs(), request.requireTargets())));
    }
}
