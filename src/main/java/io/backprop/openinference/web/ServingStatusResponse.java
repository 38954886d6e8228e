package io.backprop.openinference.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.backprop.model.Model;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The state of a version of a model, as TensorFlow Serving describes it. */
@Schema(name = "ServingStatus")
record ServingStatusResponse(
        @JsonProperty("model_version_status") List<VersionStatus> versions) {

    /**
     * @param state AVAILABLE; START if the model has never been trained
     */
    @Schema(name = "ServingVersionStatus")
    record VersionStatus(String version, String state, Status status) {}

    @Schema(name = "ServingVersionError")
    record Status(
            @JsonProperty("error_code") String errorCode,
            @JsonProperty("error_message") String errorMessage) {}

    static ServingStatusResponse of(Model model) {
        String state = model.ensemble() == null ? "START" : "AVAILABLE";
        return new ServingStatusResponse(
                List.of(new VersionStatus(Long.toString(model.version()), state, new Status("OK", ""))));
    }
}
