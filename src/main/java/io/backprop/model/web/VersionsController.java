package io.backprop.model.web;

import static io.backprop.web.problem.ProblemType.MODEL_NOT_FOUND;
import static io.backprop.web.problem.ProblemType.STORAGE_FULL;
import static io.backprop.web.problem.ProblemType.TRAINING_RUNNING;
import static io.backprop.web.problem.ProblemType.UNAVAILABLE;
import static io.backprop.web.problem.ProblemType.UNREADABLE_PARAMETER;
import static io.backprop.web.problem.ProblemType.VERSION_MISMATCH;
import static io.backprop.web.problem.ProblemType.VERSION_NOT_FOUND;

import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.web.IfMatch;
import io.backprop.web.problem.ApiProblems;
import io.swagger.v3.oas.annotations.Operation;
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
    @Operation(operationId = "listVersions", summary = "List the versions of a model's parameters that are kept")
    @ApiProblems({MODEL_NOT_FOUND, UNAVAILABLE})
    VersionListResponse list(@PathVariable String id) {
        return VersionListResponse.of(models.versions(id));
    }

    @PostMapping("/{version}/restore")
    @Operation(
            operationId = "restoreVersion",
            summary = "Publish the parameters of an earlier version once more, as a new version")
    @ApiProblems({
        UNREADABLE_PARAMETER,
        MODEL_NOT_FOUND,
        VERSION_NOT_FOUND,
        TRAINING_RUNNING,
        VERSION_MISMATCH,
        UNAVAILABLE,
        STORAGE_FULL
    })
    ResponseEntity<ModelResponse> restore(
            @PathVariable String id,
            @PathVariable long version,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        IfMatch match = IfMatch.parse(ifMatch);
        Model model = models.restore(id, version, known -> match.accepts(known.revision()));
        return ResponseEntity.ok().eTag(model.revision()).body(ModelResponse.of(model));
    }
}
