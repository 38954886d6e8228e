package io.backprop.openinference.web;

import io.backprop.model.Model;
import io.backprop.openinference.InferenceStatistics;
import io.backprop.openinference.ModelRepository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v2/models")
@Tag(name = "Open Inference Protocol")
class ModelMetadataController {

    private final ModelRepository repository;
    private final InferenceStatistics statistics;

    ModelMetadataController(ModelRepository repository, InferenceStatistics statistics) {
        this.repository = repository;
        this.statistics = statistics;
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getModelMetadata", summary = "Get the inputs and outputs of a model")
    @ApiResponse(responseCode = "200", description = "The model as named tensors")
    ModelMetadataResponse get(@PathVariable String id) {
        return metadata(id, null);
    }

    @GetMapping("/{id}/versions/{version}")
    @Operation(operationId = "getModelVersionMetadata", summary = "Get the inputs and outputs of a version of a model")
    @ApiResponse(responseCode = "200", description = "The version as named tensors")
    ModelMetadataResponse get(@PathVariable String id, @PathVariable String version) {
        return metadata(id, version);
    }

    private ModelMetadataResponse metadata(String id, @Nullable String version) {
        Model model = repository.find(id, version);
        return ModelMetadataResponse.of(model, repository.versions(id));
    }

    @GetMapping("/{id}/ready")
    @Operation(operationId = "getModelReady", summary = "Check that a model can predict")
    @ApiResponse(responseCode = "200", description = "The model is ready")
    @ApiResponse(responseCode = "503", description = "The model has never been trained or is unloaded")
    ModelReadyResponse ready(@PathVariable String id) {
        return ready(id, null);
    }

    @GetMapping("/{id}/versions/{version}/ready")
    @Operation(operationId = "getModelVersionReady", summary = "Check that a version of a model can predict")
    @ApiResponse(responseCode = "200", description = "The version is ready")
    @ApiResponse(responseCode = "503", description = "The model is unloaded")
    ModelReadyResponse ready(@PathVariable String id, @PathVariable @Nullable String version) {
        repository.whyUnavailable(repository.find(id, version)).ifPresent(reason -> {
            throw new NotReadyException("the model \"%s\" is not ready: %s".formatted(id, reason));
        });
        return new ModelReadyResponse(id, true);
    }

    @Schema(name = "ModelReady")
    record ModelReadyResponse(String name, boolean ready) {}

    @GetMapping("/stats")
    @Operation(operationId = "getStatistics", summary = "Get the statistics of all models")
    @ApiResponse(responseCode = "200", description = "The inferences of this process by version")
    StatisticsResponse statistics() {
        return StatisticsResponse.of(statistics.of(repository.list()));
    }

    @GetMapping("/{id}/stats")
    @Operation(operationId = "getModelStatistics", summary = "Get the statistics of a model")
    @ApiResponse(responseCode = "200", description = "The inferences of this process by version")
    StatisticsResponse statistics(@PathVariable String id) {
        return StatisticsResponse.of(statistics.of(Stream.of(repository.find(id, null))));
    }

    @GetMapping("/{id}/versions/{version}/stats")
    @Operation(operationId = "getModelVersionStatistics", summary = "Get the statistics of a version of a model")
    @ApiResponse(responseCode = "200", description = "The inferences of this process")
    StatisticsResponse statistics(@PathVariable String id, @PathVariable String version) {
        return StatisticsResponse.of(Stream.of(statistics.of(repository.find(id, version))));
    }
}
