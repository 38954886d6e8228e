package io.backprop.training.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.training.Training;
import io.backprop.training.TrainingException;
import io.backprop.training.TrainingService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

/**
 * Streams the progress of trainings as server-sent events. The request's thread polls the training and writes, so a client
 * that does not read blocks only its own thread, until the server's write timeout ({@code server.tomcat.connection-timeout})
 * or the limit of the graceful shutdown.
 */
@RestController
@Tag(name = "Training")
class TrainingEventsController {

    private static final Logger log = LoggerFactory.getLogger(TrainingEventsController.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    private final TrainingService trainings;
    private final EventProperties properties;
    private final JsonMapper json;
    private final Clock clock;
    private final AtomicInteger listeners = new AtomicInteger();
    private volatile boolean stopping;

    /** Lets all listeners to a training share one read of its state. */
    private final Cache<TrainingKey, Training> recent =
            Caffeine.newBuilder().expireAfterWrite(POLL_INTERVAL.dividedBy(2)).build();

    private record TrainingKey(String model, int number) {}

    TrainingEventsController(TrainingService trainings, EventProperties properties, JsonMapper json, Clock clock) {
        this.trainings = trainings;
        this.properties = properties;
        this.json = json;
        this.clock = clock;
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
    void events(
            @PathVariable String id,
            @PathVariable int number,
            @RequestHeader(name = "Last-Event-ID", defaultValue = "0") int lastEpoch,
            HttpMethod method,
            HttpServletResponse response)
            throws InterruptedException {
        Training training = trainings.get(id, number);
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // nginx would buffer events
        if (method.equals(HttpMethod.HEAD)) {
            return;
        }
        listeners.incrementAndGet();
        try {
            stream(training, lastEpoch, response);
        } catch (IOException e) {
            log.debug("A listener to model {} has gone: {}", id, e.getMessage());
        } finally {
            listeners.decrementAndGet();
        }
    }

    private void stream(Training first, int lastEpoch, HttpServletResponse response)
            throws IOException, InterruptedException {
        EventWriter events =
                new EventWriter(response.getOutputStream(), json, lastEpoch, properties.heartbeat(), System::nanoTime);
        Training training = first;
        events.write(training);
        while (!training.isOver()) {
            Thread.sleep(POLL_INTERVAL.toMillis());
            if (stopping) {
                return;
            }
            training = poll(training);
            events.write(training);
        }
    }

    private Training poll(Training last) {
        TrainingKey key = new TrainingKey(last.model(), last.number());
        try {
            return recent.get(key, training -> trainings.get(training.model(), training.number()));
        } catch (StorageUnavailableException e) { // may be available at the next poll
            return last;
        } catch (ModelNotFoundException | TrainingException e) {
            return last.deleted(clock.instant());
        }
    }

    /** Number of open streams. */
    int listeners() {
        return listeners.get();
    }

    /** Ends all streams before the server waits for its requests to end. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
    }
}
