package io.backprop.openinference.web;

import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.info.BuildProperties;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v2")
@Tag(name = "Open Inference Protocol", description = "Use models with clients of Triton, KServe and MLServer")
class ServerController {

    private final ApplicationAvailability availability;
    private final ServerMetadataResponse metadata;

    ServerController(ApplicationAvailability availability, ObjectProvider<BuildProperties> build) {
        this.availability = availability;
        this.metadata = ServerMetadataResponse.of(
                build.stream().map(BuildProperties::getVersion).findFirst().orElse("development"));
    }

    @GetMapping
    @Operation(operationId = "getServerMetadata", summary = "Get the name, version and extensions of the service")
    @ApiResponse(responseCode = "200", description = "The service and its extensions of the protocol")
    ServerMetadataResponse get() {
        return metadata;
    }

    /** The same, at the path of the protocol's OpenAPI document. */
    @Hidden
    @GetMapping("/")
    ServerMetadataResponse getAtFolder() {
        return metadata;
    }

    @GetMapping("/health/live")
    @Operation(operationId = "getServerLive", summary = "Check that the service is alive")
    @ApiResponse(responseCode = "200", description = "The service is alive")
    LiveResponse live() {
        return new LiveResponse(true);
    }

    @GetMapping("/health/ready")
    @Operation(operationId = "getServerReady", summary = "Check that the service is ready for requests")
    @ApiResponse(responseCode = "200", description = "The service is ready")
    @ApiResponse(responseCode = "503", description = "The service is starting or shutting down")
    ReadyResponse ready() {
        if (availability.getReadinessState() != ReadinessState.ACCEPTING_TRAFFIC) {
            throw new NotReadyException("the service is starting or shutting down");
        }
        return new ReadyResponse(true);
    }

    @Schema(name = "ServerLive")
    record LiveResponse(boolean live) {}

    @Schema(name = "ServerReady")
    record ReadyResponse(boolean ready) {}
}
