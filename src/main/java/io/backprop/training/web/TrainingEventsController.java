package io.backprop.training.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@Tag(name = "Training")
class TrainingEventsController {

    private final TrainingEvents events;

    TrainingEventsController(TrainingEvents events) {
        this.events = events;
    }

    @GetMapping(path = "/models/{id}/trainings/{number}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "watchTraining",
            summary = "Watch a training",
            description = "Server-sent events: epoch with the newest epoch, at most ten a second, and in the end one"
                    + " end with the training")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = String.class)))
    @ApiResponse(responseCode = "400", description = "A parameter or header cannot be parsed")
    @ApiResponse(responseCode = "404", description = "The model or the training does not exist")
    @ApiResponse(responseCode = "406", description = "No media type of the Accept header is available")
    ResponseEntity<SseEmitter> events(
            @PathVariable String id,
            @PathVariable int number,
            @RequestHeader(name = "Last-Event-ID", defaultValue = "0") int lastEpoch,
            HttpServletRequest request) {
        String connection = request.getServletConnection().getConnectionId();
        SseEmitter stream = events.watch(id, number, new EventStream.Listener(connection, lastEpoch));
        if (HttpMethod.HEAD.matches(
                request.getMethod())) { // nothing would ever be written, so nobody would notice a hang-up
            stream.complete();
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header("X-Accel-Buffering", "no") // or nginx would keep events back
                .body(stream);
    }
}
