package io.backprop.openinference.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The service as the protocol describes it. */
@Schema(name = "ServerMetadata")
record ServerMetadataResponse(String name, String version, List<String> extensions) {

    static ServerMetadataResponse of(String version) {
        return new ServerMetadataResponse(
                "backprop", version, List.of("model_repository", "statistics", "binary_tensor_data", "classification"));
    }
}
