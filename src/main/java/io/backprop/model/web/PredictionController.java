package io.backprop.model.web;

import static io.backprop.web.ProblemType.MODEL_NOT_FOUND;
import static io.backprop.web.ProblemType.MODEL_NOT_TRAINED;
import static io.backprop.web.ProblemType.VERSION_NOT_FOUND;

import io.backprop.model.PredictionService;
import io.backprop.web.ApiProblems;
import io.swagger.v3.oas.annotations.Operation;
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
@RequestMapping("/models/{id}")
@Tag(name = "Prediction", description = "Ask trained networks, and measure them")
class PredictionController {

    private final PredictionService predictions;

    PredictionController(PredictionService predictions) {
        this.predictions = predictions;
    }

    @PostMapping("/predict")
    @Operation(operationId = "predict", summary = "Predict for rows of inputs")
    @ApiProblems({MODEL_NOT_FOUND, VERSION_NOT_FOUND, MODEL_NOT_TRAINED})
    PredictResponse predict(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @Valid @RequestBody PredictRequest request) {
        return PredictResponse.of(predictions.predict(id, version, request.inputs()));
    }

    @PostMapping("/evaluate")
    @Operation(operationId = "evaluate", summary = "Measure predictions against targets")
    @ApiProblems({MODEL_NOT_FOUND, VERSION_NOT_FOUND, MODEL_NOT_TRAINED})
    EvaluateResponse evaluate(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @Valid @RequestBody EvaluateRequest request) {
        return EvaluateResponse.of(predictions.evaluate(id, version, request.inputs(), request.targets()));
    }
}
