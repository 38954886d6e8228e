package io.backprop.openinference.web;

import io.backprop.openinference.InferenceService;
import io.backprop.openinference.ModelRepository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
    @InferOperation
    void infer(@PathVariable String id, @RequestBody InferenceBody body, HttpServletResponse response)
            throws IOException {
        writer.write(service.infer(models.require(id, null), body::read), response);
    }

    @PostMapping("/versions/{version}/infer")
    @Operation(operationId = "inferVersion", summary = "Predict for tensors with a version of a model")
    @InferOperation
    void infer(
            @PathVariable String id,
            @PathVariable String version,
            @RequestBody InferenceBody body,
            HttpServletResponse response)
            throws IOException {
        writer.write(service.infer(models.require(id, version), body::read), response);
    }
}
