package io.backprop.openinference.web;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Which models to list. */
@Schema(name = "RepositoryIndexRequest")
record RepositoryIndexRequest(@Nullable Boolean ready) implements ProtocolRequest {

    /** Whether to list only models that can predict. */
    static boolean onlyReady(@Nullable RepositoryIndexRequest request) {
        return request != null && Boolean.TRUE.equals(request.ready);
    }
}
