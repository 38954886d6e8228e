package io.backprop.model.web;

import static io.backprop.web.problem.ProblemType.LIMIT_EXCEEDED;
import static io.backprop.web.problem.ProblemType.MODEL_NOT_FOUND;
import static io.backprop.web.problem.ProblemType.MODEL_NOT_TRAINED;
import static io.backprop.web.problem.ProblemType.STORAGE_FULL;
import static io.backprop.web.problem.ProblemType.TRAINING_RUNNING;
import static io.backprop.web.problem.ProblemType.UNAVAILABLE;
import static io.backprop.web.problem.ProblemType.VERSION_MISMATCH;

import io.backprop.model.Model;
import io.backprop.model.ModelNotTrainedException;
import io.backprop.model.ModelService;
import io.backprop.web.IfMatch;
import io.backprop.web.problem.ApiProblems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/models/{id}/parameters")
@Tag(name = "Models")
class ParametersController {

    private final ModelService models;

    ParametersController(ModelService models) {
        this.models = models;
    }

    @GetMapping
    @Operation(operationId = "getParameters", summary = "Get all weights and biases")
    @ApiProblems({MODEL_NOT_FOUND, MODEL_NOT_TRAINED, UNAVAILABLE})
    ParametersForm get(@PathVariable String id) {
        return models.get(id)
                .currentNetwork()
                .map(network -> ParametersForm.of(network.layers()))
                .orElseThrow(() -> new ModelNotTrainedException(id));
    }

    @PutMapping
    @Operation(operationId = "setParameters", summary = "Set all weights and biases, and publish them as a new version")
    @ApiProblems({MODEL_NOT_FOUND, TRAINING_RUNNING, VERSION_MISMATCH, LIMIT_EXCEEDED, UNAVAILABLE, STORAGE_FULL})
    ResponseEntity<ModelResponse> set(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody ParametersForm parameters) {
        IfMatch match = IfMatch.parse(ifMatch);
        Model model = models.setParameters(id, parameters.toLayers(), known -> match.accepts(known.revision()));
        return ResponseEntity.ok().eTag(model.revision()).body(ModelResponse.of(model));
    }
}
