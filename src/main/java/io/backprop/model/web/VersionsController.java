package io.backprop.model.web;

import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.web.IfMatch;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/models/{id}/versions")
@Tag(name = "Models")
class VersionsController {

    private final ModelService models;

    VersionsController(ModelService models) {
        this.models = models;
    }

    @GetMapping
    @Operation(operationId = "listVersions", summary = "List the available versions of a model")
    @ApiResponse(responseCode = "200", description = "The versions, newest first")
    VersionListResponse list(@PathVariable String id) {
        return VersionListResponse.of(models.versions(id));
    }

    @PostMapping("/{version}/restore")
    @Operation(operationId = "restoreVersion", summary = "Publish an earlier version again as a new version")
    @ApiResponse(responseCode = "200", description = "The model with its new version")
    @ApiResponse(responseCode = "409", description = "A training of the model is running")
    @ApiResponse(responseCode = "507", description = "No storage space left")
    ResponseEntity<ModelResponse> restore(
            @PathVariable String id,
            @PathVariable long version,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        IfMatch match = IfMatch.parse(ifMatch);
        Model model = models.restore(id, version, known -> match.accepts(known.revision()));
        return ResponseEntity.ok().eTag(model.revision()).body(ModelResponse.of(model));
    }
}
