package io.backprop.model.web;

import io.backprop.model.Model;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The versions of a model that are kept, newest first; the first is the current one. */
@Schema(name = "VersionList")
record VersionListResponse(List<VersionResponse> versions) {

    /** One publication of parameters. */
    @Schema(name = "ModelVersion")
    record VersionResponse(
            long version,
            long epochs,

            @Schema(description = "Metrics of these parameters on the training rows; null without a training") @Nullable
            Map<String, @Nullable Double> trainingMetrics,

            @Schema(description = "Metrics of these parameters on the validation rows; null without any") @Nullable
            Map<String, @Nullable Double> validationMetrics,

            @Nullable Instant trainedAt) {}

    static VersionListResponse of(List<Model> versions) {
        return new VersionListResponse(versions.stream()
                .map(model -> new VersionResponse(
                        model.version(),
                        model.epochs(),
                        model.trainingMetrics(),
                        model.validationMetrics(),
                        model.trainedAt()))
                .toList());
    }
}
