package io.backprop.openinference.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How to unload a model. */
@Schema(name = "UnloadModelRequest")
record UnloadModelRequest(@Nullable Parameters parameters) implements ProtocolRequest {

    /** @param unloadDependents has no effect, because no model depends on another */
    @Schema(name = "UnloadParameters")
    record Parameters(
            @JsonProperty("unload_dependents") @Nullable Boolean unloadDependents) {}
}
