package io.backprop.interchange.web;

import io.backprop.interchange.ModelDescriptions;
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
import java.io.IOException;
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

    private final ModelService models;
    private final ModelDescriptions descriptions;
    private final ArchiveReader archives;

    ModelFileController(ModelService models, ModelDescriptions descriptions, ArchiveReader archives) {
        this.models = models;
        this.descriptions = descriptions;
        this.archives = archives;
    }

    /** How a file has a model. */
    enum Format {
        BACKPROP(ZIP, "zip");

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
            begin(response, model, Format.BACKPROP, archive.length());
            archive.write(response.getOutputStream());
        }
    }

    private static void begin(HttpServletResponse response, Model model, Format format, long length) {
        String name = "%s-%d.%s".formatted(model.id(), model.version(), format.extension);
        response.setContentType(format.mediaType);
        response.setContentLengthLong(length);
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
        Model model = models.importModel(archives.read(body.getInputStream(), id));
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
}
