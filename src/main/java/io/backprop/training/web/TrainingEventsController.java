package io.backprop.training.web;

import io.backprop.training.Training;
import io.backprop.training.TrainingException;
import io.backprop.training.TrainingService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Streams the progress of trainings as server-sent events. */
@RestController
@Tag(name = "Training")
class TrainingEventsController implements MeterBinder {

    private final TrainingService trainings;
    private final EventProperties properties;
    private final JsonMapper json;
    private final Semaphore free;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    TrainingEventsController(TrainingService trainings, EventProperties properties, JsonMapper json) {
        this.trainings = trainings;
        this.properties = properties;
        this.json = json;
        this.free = new Semaphore(properties.listeners());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("backprop.events.streams", this, TrainingEventsController::listeners)
                .description("Open event streams")
                .register(registry);
        Gauge.builder("backprop.events.limit", properties, EventProperties::listeners)
                .description("Event streams that may be open at the same time")
                .register(registry);
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
        boolean isHead = request.getMethod().equals(HttpMethod.HEAD.name());
        if (!isHead && !free.tryAcquire()) {
            throw TrainingException.tooManyListeners(properties.listeners());
        }
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // nginx would buffer events
        if (!isHead) {
            EventSequence events = new EventSequence(json, lastEpoch, properties.heartbeat(), System::nanoTime);
            open(new EventStream(request.startAsync(), events, training, this::closed), training);
        }
    }

    private void open(EventStream stream, Training training) {
        streams.add(stream);
        try {
            stream.start(trainings.subscribe(training, stream));
        } catch (RuntimeException e) {
            stream.stop();
            throw e;
        }
        if (stopping) {
            stream.stop();
        }
    }

    private void closed(EventStream stream) {
        streams.remove(stream);
        free.release();
    }

    /** Number of open streams. */
    int listeners() {
        return streams.size();
    }

    /** Ends all streams before the server waits for its requests to end. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
        streams.forEach(EventStream::stop);
    }
}
