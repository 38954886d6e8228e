package io.backprop.model.web;

import io.backprop.engine.Ensemble;
import io.backprop.limits.RequestLimits;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.ModelService;
import io.backprop.model.PageCursor;
import io.backprop.web.IfMatch;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.net.URI;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/models")
@Tag(name = "Models", description = "Create and delete networks; read and set their parameters")
class ModelController {

    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final ModelService models;
    private final RequestLimits limits;
    private final ParametersWriter parametersWriter;

    ModelController(ModelService models, RequestLimits limits, ParametersWriter parametersWriter) {
        this.models = models;
        this.limits = limits;
        this.parametersWriter = parametersWriter;
    }

    @PostMapping(params = "!format") // a file has one
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            operationId = "createModel",
            summary = "Create a model",
            description = "A body of another type than JSON is a model as a file, of the given format")
    @Parameter(
            name = "format",
            in = ParameterIn.QUERY,
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"backprop", "onnx"}))
    @Parameter(name = "id", in = ParameterIn.QUERY, schema = @Schema(type = "string", pattern = Model.ID))
    @ApiResponse(
            responseCode = "201",
            description = "The model with all defaults",
            headers = @Header(name = "Location", description = "Path of the model", schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "409", description = "A model with this id exists")
    @ApiResponse(responseCode = "507", description = "No storage space left, or as many models as allowed")
    ResponseEntity<ModelResponse> create(@Valid @RequestBody CreateModelRequest request) {
        Model model = request.copyOf() == null
                ? models.create(request.id(), request.toSpec(limits), request.toDescription())
                : models.copy(request.id(), request.copyOf(), request.copyVersion(), request::applyTo);
        return ResponseEntity.created(URI.create("/models/" + model.id()))
                .eTag(model.revision())
                .body(ModelResponse.of(model));
    }

    @GetMapping
    @Operation(operationId = "listModels", summary = "List models, newest first")
    @ApiResponse(responseCode = "200", description = "A page of models")
    ModelListResponse list(
            @RequestParam(defaultValue = "50") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return ModelListResponse.of(models.list(limit, PageCursor.parse(cursor)));
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getModel", summary = "Get a model")
    @Parameter(name = HttpHeaders.IF_NONE_MATCH, in = ParameterIn.HEADER, schema = @Schema(type = "string"))
    @ApiResponse(responseCode = "200", description = "The model and its ETag")
    @ApiResponse(responseCode = "304", description = "The model matches If-None-Match", content = @Content)
    ResponseEntity<ModelResponse> get(@PathVariable String id, @RequestParam(required = false) @Nullable Long version) {
        return ok(models.get(id, version));
    }

    private static ResponseEntity<ModelResponse> ok(Model model) {
        return ResponseEntity.ok().eTag(model.revision()).body(ModelResponse.of(model));
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {MERGE_PATCH, MediaType.APPLICATION_JSON_VALUE})
    @Operation(
            operationId = "updateModel",
            summary = "Change the description of a model and the settings of its next training",
            description =
                    "A JSON merge patch (RFC 7396): fields that are absent do not change, and null resets a field to"
                            + " its default or removes a tag. optimizer and learningRateSchedule are replaced as a whole."
                            + " A running training keeps its settings")
    @ApiResponse(responseCode = "200", description = "The changed model")
    @ApiResponse(responseCode = "507", description = "No storage space left")
    ResponseEntity<ModelResponse> update(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody PatchModelRequest patch) {
        return ok(models.update(id, matches(ifMatch), patch::applyTo));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "deleteModel", summary = "Delete a model and cancel its running training")
    @ApiResponse(responseCode = "204", description = "The model is deleted")
    @ApiResponse(responseCode = "507", description = "No storage space left")
    void delete(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        if (ifMatch == null) {
            models.delete(id);
        } else {
            models.delete(id, matches(ifMatch));
        }
    }

    private static Predicate<Model> matches(@Nullable String ifMatch) {
        IfMatch match = IfMatch.parse(ifMatch);
        return model -> match.accepts(model.revision());
    }

    @GetMapping(path = "/{id}/parameters", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getParameters",
            summary = "Get the weights and biases of a model",
            description = "They apply to numbers as the model scales them, by its scales or its features")
    @ApiResponse(
            responseCode = "200",
            description = "The parameters, layer by layer, for each network of an ensemble",
            content = @Content(schema = @Schema(implementation = ParametersForm.class)))
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    void getParameters(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            HttpServletResponse response)
            throws IOException {
        Ensemble ensemble = models.ensemble(id, version).orElseThrow(() -> ModelException.notTrained(id));
        parametersWriter.prepare(ensemble);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        parametersWriter.write(ensemble, response.getOutputStream());
    }

    @PutMapping("/{id}/parameters")
    @Operation(
            operationId = "setParameters",
            summary = "Set the weights and biases of a model as a new version",
            description =
                    "They apply to numbers as the model scales them; before the first training, to numbers as sent")
    @ApiResponse(responseCode = "200", description = "The model with its new version")
    @ApiResponse(responseCode = "409", description = "A training of the model is running")
    @ApiResponse(responseCode = "507", description = "No storage space left")
    ResponseEntity<ModelResponse> setParameters(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody ParametersForm parameters) {
        return ok(models.setParameters(id, parameters.toNetworks(), parameters.field(), matches(ifMatch)));
    }

    @GetMapping("/{id}/versions")
    @Operation(operationId = "listVersions", summary = "List the available versions of a model")
    @ApiResponse(responseCode = "200", description = "The versions, newest first")
    VersionListResponse listVersions(@PathVariable String id) {
        return VersionListResponse.of(models.versions(id));
    }

    @PostMapping("/{id}/versions/{version}/restore")
    @Operation(operationId = "restoreVersion", summary = "Publish an earlier version again as a new version")
    @ApiResponse(responseCode = "200", description = "The model with its new version")
    @ApiResponse(responseCode = "409", description = "A training of the model is running")
    @ApiResponse(responseCode = "507", description = "No storage space left")
    ResponseEntity<ModelResponse> restoreVersion(
            @PathVariable String id,
            @PathVariable long version,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return ok(models.restore(id, version, matches(ifMatch)));
    }
}
