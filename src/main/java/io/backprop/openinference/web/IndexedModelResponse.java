package io.backprop.openinference.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.model.Model;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The current version of a model in the index. */
@Schema(name = "IndexedModel")
record IndexedModelResponse(
        String name,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String version,
        String state,
        String reason) {

    private static final String READY = "READY";

    static IndexedModelResponse of(Model model, Optional<String> whyUnavailable) {
        return new IndexedModelResponse(
                model.id(),
                model.version() == 0 ? null : Long.toString(model.version()),
                whyUnavailable.isPresent() ? "UNAVAILABLE" : READY,
                whyUnavailable.orElse(""));
    }

    boolean isReady() {
        return state.equals(READY);
    }
}
