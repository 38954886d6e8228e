package io.backprop.web.events;

import io.backprop.web.problem.ProblemType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.json.JsonMapper;

/** The open event streams. */
@Component
public class EventStreams implements MeterBinder {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final EventProperties properties;
    private final JsonMapper json;
    private final Semaphore free;
    private final Set<EventStream<?>> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    EventStreams(EventProperties properties, JsonMapper json) {
        this.properties = properties;
        this.json = json;
        this.free = new Semaphore(properties.listeners());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("backprop.events.streams", this, EventStreams::listeners)
                .description("Open event streams")
                .register(registry);
        Gauge.builder("backprop.events.limit", properties, EventProperties::listeners)
                .description("Event streams that may be open at the same time")
                .register(registry);
    }

    /**
     * Answers a request with a stream of events. Rejects it if too many streams are open.
     *
     * @param first the state of what is followed
     * @param subscribe starts to pass further states to a consumer, which does not block; returns what stops it
     */
    public <T> void open(
            HttpServletRequest request,
            HttpServletResponse response,
            EventSource<T> source,
            T first,
            Function<Consumer<T>, Runnable> subscribe)
            throws IOException {
        boolean isHead = request.getMethod().equals(HttpMethod.HEAD.name());
        if (!isHead && !free.tryAcquire()) {
            throw tooMany();
        }
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // nginx would buffer events
        if (!isHead) {
            EventSequence<T> events = new EventSequence<>(json, source, properties.heartbeat(), System::nanoTime);
            start(new EventStream<>(request.startAsync(), events, first, this::closed), subscribe);
        }
    }

    private <T> void start(EventStream<T> stream, Function<Consumer<T>, Runnable> subscribe) {
        streams.add(stream);
        try {
            stream.start(subscribe.apply(stream));
        } catch (RuntimeException e) {
            stream.stop();
            throw e;
        }
        if (stopping) {
            stream.stop();
        }
    }

    private ErrorResponseException tooMany() {
        String detail = "all %d event streams are taken (backprop.events.listeners); try again later"
                .formatted(properties.listeners());
        ErrorResponseException problem = new ErrorResponseException(
                ProblemType.TOO_MANY_REQUESTS.status(), ProblemType.TOO_MANY_REQUESTS.problem(detail), null);
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(RETRY_AFTER.toSeconds()));
        return problem;
    }

    private void closed(EventStream<?> stream) {
        streams.remove(stream);
        free.release();
    }

    /** Number of open streams. */
    public int listeners() {
        return streams.size();
    }

    /** Ends all streams before the server waits for its requests to end. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
        streams.forEach(EventStream::stop);
    }
}
