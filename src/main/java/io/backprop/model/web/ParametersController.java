package io.backprop.model.web;

import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.ModelService;
import io.backprop.web.IfMatch;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
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
    @Operation(operationId = "getParameters", summary = "Get the weights and biases of a model")
    @ApiResponse(responseCode = "200", description = "The parameters, layer by layer")
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    ParametersForm get(@PathVariable String id) {
        return models.get(id)
                .currentNetwork()
                .map(network -> ParametersForm.of(network.layers()))
                .orElseThrow(() -> ModelException.notTrained(id));
    }

    @PutMapping
    @Operation(operationId = "setParameters", summary = "Set the weights and biases of a model as a new version")
    @ApiResponse(responseCode = "200", description = "The model with its new version")
    @ApiResponse(responseCode = "409", description = "A training of the model is running")
    @ApiResponse(responseCode = "507", description = "No storage space left")
    ResponseEntity<ModelResponse> set(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody ParametersForm parameters) {
        IfMatch match = IfMatch.parse(ifMatch);
        Model model = models.setParameters(id, parameters.toLayers(), known -> match.accepts(known.revision()));
        return ResponseEntity.ok().eTag(model.revision()).body(ModelResponse.of(model));
    }
}
