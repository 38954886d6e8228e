package io.backprop.openinference.web;

import io.backprop.openinference.InferenceService;
import io.backprop.openinference.ModelRepository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v2/models/{id}")
@Tag(name = "Open Inference Protocol")
class InferenceController {

    private final ModelRepository models;
    private final InferenceService service;
    private final InferenceResponseWriter writer;

    InferenceController(ModelRepository models, InferenceService service, InferenceResponseWriter writer) {
        this.models = models;
        this.service = service;
        this.writer = writer;
    }

    @PostMapping("/infer")
    @Operation(operationId = "infer", summary = "Predict for tensors")
    @ApiResponse(
            responseCode = "200",
            description = "The outputs, whose data follows the JSON if it was asked for in binary",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = InferenceResponseForm.class)))
    void infer(
            @PathVariable String id,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = InferenceRequestForm.class)))
                    @RequestBody
                    InferenceBody body,
            HttpServletResponse response)
            throws IOException {
        writer.write(service.infer(models.require(id, null), body::read), response);
    }

    @PostMapping("/versions/{version}/infer")
    @Operation(operationId = "inferVersion", summary = "Predict for tensors with a version of a model")
    @ApiResponse(
            responseCode = "200",
            description = "The outputs, whose data follows the JSON if it was asked for in binary",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = InferenceResponseForm.class)))
    void infer(
            @PathVariable String id,
            @PathVariable String version,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = InferenceRequestForm.class)))
                    @RequestBody
                    InferenceBody body,
            HttpServletResponse response)
            throws IOException {
        writer.write(service.infer(models.require(id, version), body::read), response);
    }
}
