package io.backprop.openinference.web;

import io.backprop.openinference.ModelRepository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The extension {@code model_repository} of Triton. */
@RestController
@RequestMapping("/v2/repository")
@Tag(name = "Open Inference Protocol")
class RepositoryController {

    private final ModelRepository repository;

    RepositoryController(ModelRepository repository) {
        this.repository = repository;
    }

    @PostMapping("/index")
    @Operation(operationId = "listRepository", summary = "List all models with their states")
    @ApiResponse(responseCode = "200", description = "The current versions of the models, newest model first")
    List<IndexedModelResponse> index(@RequestBody(required = false) @Nullable RepositoryIndexRequest request) {
        boolean onlyReady = RepositoryIndexRequest.onlyReady(request);
        return repository
                .list()
                .map(model -> IndexedModelResponse.of(model, repository.whyUnavailable(model)))
                .filter(model -> model.isReady() || !onlyReady)
                .toList();
    }

    @PostMapping("/models/{id}/load")
    @Operation(operationId = "loadModel", summary = "Load a model that was unloaded")
    @ApiResponse(responseCode = "200", description = "The model is ready")
    EmptyResponse load(@PathVariable String id, @RequestBody(required = false) @Nullable LoadModelRequest request) {
        LoadModelRequest.requireDefaults(request);
        repository.load(id);
        return new EmptyResponse();
    }

    @PostMapping("/models/{id}/unload")
    @Operation(
            operationId = "unloadModel",
            summary = "Unload a model from this protocol in this process, and free its memory")
    @ApiResponse(responseCode = "200", description = "The model is unavailable")
    EmptyResponse unload(@PathVariable String id, @RequestBody(required = false) @Nullable UnloadModelRequest request) {
        repository.unload(id);
        return new EmptyResponse();
    }

    /** An object without fields. */
    record EmptyResponse() {}
}
