package io.backprop.model.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.model.Task;
import io.backprop.tabular.Preprocessing;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model in a list, without its layers, columns, classes, settings and warnings. */
@Schema(name = "ModelSummary")
record ModelSummary(
        String id,
        Model.State state,
        long version,
        @Nullable Task task,
        @Nullable Integer inputs,
        @Nullable Integer outputs,
        @Nullable Long parameters,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String target,
        long epochs,
        @Nullable Map<String, @Nullable Double> trainingMetrics,
        @Nullable Map<String, @Nullable Double> validationMetrics,
        @Nullable String description,
        Map<String, String> tags,
        Instant createdAt,
        @Nullable Instant trainedAt) {

    static ModelSummary of(Model model) {
        Architecture architecture = model.spec().architecture();
        return new ModelSummary(
                model.id(),
                model.state(),
                model.version(),
                architecture.outputLayer().task(),
                architecture.inputs(),
                architecture.outputs(),
                architecture
                        .networkSpec()
                        .map(spec -> model.spec().countParameters())
                        .orElse(null),
                architecture.preprocessing() instanceof Preprocessing.Columns columns ? columns.target() : null,
                model.epochs(),
                model.trainingMetrics(),
                model.validationMetrics(),
                model.description().text(),
                model.description().tags(),
                model.createdAt(),
                model.trainedAt());
    }
}
