package io.backprop.interchange.web;

import io.backprop.interchange.ModelDescriptions;
import io.backprop.interchange.OnnxModels;
import io.backprop.interchange.onnx.OnnxModel;
import io.backprop.interchange.onnx.OnnxWriter;
import io.backprop.limits.MemoryBudget;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.web.problem.EnumEditor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Pattern;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;

@RestController
@Tag(name = "Models")
class ModelFileController {

    private static final String ZIP = "application/zip";
    private static final int BLOCK = 1 << 16; // bytes

    private final ModelService models;
    private final ModelDescriptions descriptions;
    private final ArchiveReader archives;
    private final OnnxModels onnx;
    private final MemoryBudget memory;

    ModelFileController(
            ModelService models,
            ModelDescriptions descriptions,
            ArchiveReader archives,
            OnnxModels onnx,
            MemoryBudget memory) {
        this.models = models;
        this.descriptions = descriptions;
        this.archives = archives;
        this.onnx = onnx;
        this.memory = memory;
    }

    /** How a file has a model. */
    enum Format {
        BACKPROP(ZIP, "zip"),
        ONNX(MediaType.APPLICATION_OCTET_STREAM_VALUE, "onnx");

        private final String mediaType;
        private final String extension;

        Format(String mediaType, String extension) {
            this.mediaType = mediaType;
            this.extension = extension;
        }
    }

    @InitBinder
    void bindFormats(WebDataBinder binder) {
        binder.registerCustomEditor(Format.class, new EnumEditor<>(Format.class));
    }

    @GetMapping(path = "/models/{id}/export", produces = ZIP)
    @Operation(
            operationId = "exportModel",
            summary = "Get a version of a model as a file",
            description =
                    "A ZIP archive of its description, model.json, and its parameters, parameters.safetensors, from"
                            + " which another instance of the service imports an equal model")
    @Parameter(name = HttpHeaders.IF_NONE_MATCH, in = ParameterIn.HEADER, schema = @Schema(type = "string"))
    @ApiResponse(
            responseCode = "200",
            description = "The archive",
            content = @Content(mediaType = ZIP, schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(responseCode = "304", description = "The model matches If-None-Match", content = @Content)
    void exportModel(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            ServletWebRequest request,
            HttpServletResponse response)
            throws IOException {
        Model model = models.get(id, version);
        if (!request.checkNotModified('"' + model.revision() + '"')) {
            ArchiveWriter archive = new ArchiveWriter(model, descriptions.write(model));
            response.setContentLengthLong(archive.length());
            begin(response, model, Format.BACKPROP);
            archive.write(response.getOutputStream());
        }
    }

    @GetMapping(path = "/models/{id}/onnx", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    @Operation(
            operationId = "exportOnnx",
            summary = "Get a version of a model as an ONNX file",
            description =
                    "The graph takes rows as /predict does: columns of a table as they are, of which text has type"
                            + " string and dates are days since 1970-01-01, and predicts in the unit of the targets")
    @Parameter(name = HttpHeaders.IF_NONE_MATCH, in = ParameterIn.HEADER, schema = @Schema(type = "string"))
    @ApiResponse(
            responseCode = "200",
            description = "The file",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(responseCode = "304", description = "The model matches If-None-Match", content = @Content)
    @ApiResponse(responseCode = "409", description = "The model has never been trained")
    void exportOnnx(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            ServletWebRequest request,
            HttpServletResponse response)
            throws IOException {
        Model model = models.get(id, version);
        if (!request.checkNotModified('"' + model.revision() + '"')) {
            OnnxModel file = onnx.export(model);
            begin(response, model, Format.ONNX);
            OnnxWriter.write(file, response.getOutputStream());
        }
    }

    private static void begin(HttpServletResponse response, Model model, Format format) {
        String name = "%s-%d.%s".formatted(model.id(), model.version(), format.extension);
        response.setContentType(format.mediaType);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment().filename(name).build().toString());
    }

    @PostMapping(path = "/models", params = "format")
    @Operation(hidden = true) // documented by the operation for JSON
    ResponseEntity<Model> importModel(
            @RequestParam Format format,
            @RequestParam(required = false) @Pattern(regexp = Model.ID) @Nullable String id,
            @RequestHeader(name = HttpHeaders.CONTENT_TYPE, required = false) @Nullable MediaType type,
            @RequestBody InputStreamResource body)
            throws IOException, HttpMediaTypeNotSupportedException {
        requireType(format, type);
        Model model = switch (format) {
            case BACKPROP -> models.importModel(archives.read(body.getInputStream(), id));
            case ONNX -> onnx.importModel(id, readAll(body.getInputStream()));
        };
        return ResponseEntity.created(URI.create("/models/" + model.id()))
                .eTag(model.revision())
                .body(model);
    }

    private static void requireType(Format format, @Nullable MediaType type) throws HttpMediaTypeNotSupportedException {
        MediaType expected = MediaType.parseMediaType(format.mediaType);
        if (!expected.equalsTypeAndSubtype(type)) {
            throw new HttpMediaTypeNotSupportedException(type, List.of(expected));
        }
    }

    /** Reads a file into memory, which is counted as it arrives; the last copy needs as much again. */
    private byte[] readAll(InputStream body) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        byte[] block = new byte[BLOCK];
        for (int read = body.read(block); read >= 0; read = body.read(block)) {
            memory.acquire(3L * read);
            file.write(block, 0, read);
        }
        return file.toByteArray();
    }
}
