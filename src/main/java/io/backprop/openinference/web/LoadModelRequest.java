package io.backprop.openinference.web;

import io.backprop.model.InvalidInputException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How to load a model. */
@Schema(name = "LoadModelRequest")
record LoadModelRequest(@Nullable Map<String, @Nullable Object> parameters) implements ProtocolRequest {

    /** Rejects the configuration and the files of a model, which Triton accepts. */
    static void requireDefaults(@Nullable LoadModelRequest request) {
        InvalidInputException.require(
                "parameters",
                request == null || request.parameters == null || request.parameters.isEmpty(),
                "parameters must be empty, because a model is loaded as it was published");
    }
}
