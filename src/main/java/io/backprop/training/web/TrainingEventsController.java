package io.backprop.training.web;

import io.backprop.training.Training;
import io.backprop.training.TrainingService;
import io.backprop.web.events.EventStreams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Streams the progress of trainings as server-sent events. */
@RestController
@Tag(name = "Training")
class TrainingEventsController {

    private final TrainingService trainings;
    private final EventStreams streams;

    TrainingEventsController(TrainingService trainings, EventStreams streams) {
        this.trainings = trainings;
        this.streams = streams;
    }

    @GetMapping(path = "/models/{id}/trainings/{number}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "watchTraining",
            summary = "Follow a training",
            description = "Server-sent events: epoch for the latest epoch, at most ten per second, and finally end"
                    + " with the training")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = String.class)))
    @ApiResponse(responseCode = "406", description = "No media type of the Accept header is available")
    @ApiResponse(responseCode = "429", description = "Too many event streams are open")
    void events(
            @PathVariable String id,
            @PathVariable int number,
            @RequestHeader(name = "Last-Event-ID", defaultValue = "0") int lastEpoch,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Training training = trainings.get(id, number);
        EpochEvents events = new EpochEvents(lastEpoch, System::nanoTime);
        streams.open(request, response, events, training, stream -> trainings.subscribe(training, stream)::close);
    }
}
