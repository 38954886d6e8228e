package io.backprop.training.web;

import io.backprop.model.ModelNotFoundException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.training.Training;
import io.backprop.training.TrainingNotFoundException;
import io.backprop.training.TrainingService;
import io.backprop.web.server.Connections;
import jakarta.annotation.PreDestroy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Tells listeners how trainings go on. */
@Component
class TrainingEvents implements SmartLifecycle {
    /*
     * One thread looks at each training that has listeners ten times a second, wherever it runs, and offers what it sees
     * to all of them; a few others send it. For each of those that is stuck, as its client does not read, there is one
     * more, up to a limit, until the server's write timeout ends that stream.
     *
     * The phase is the last one to begin and the first one to stop: the streams end before the server waits for the end
     * of its requests. It would wait in vain for those whose clients do not read, so a second later it hangs up on them.
     */

    private static final Logger log = LoggerFactory.getLogger(TrainingEvents.class);
    private static final long POLL_MILLIS = EventStream.BETWEEN_EPOCHS.toMillis();
    private static final long PATIENCE_MILLIS = 1_000; // when the process is to end
    private static final int SENDERS = 4;
    private static final int MOST_SENDERS = 200; // with all of them stuck, the others wait for a write timeout

    private final TrainingService trainings;
    private final EventProperties properties;
    private final Connections connections;
    private final ConcurrentMap<Watched, Set<EventStream>> streams = new ConcurrentHashMap<>();
    private final ScheduledExecutorService scheduler =
            new ScheduledThreadPoolExecutor(1, task -> daemon(task, "training-events"));
    private final ThreadPoolExecutor senders = new ThreadPoolExecutor(
            MOST_SENDERS,
            MOST_SENDERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // holds two tasks of each stream at most, the last one its end
            task -> daemon(task, "training-events-sender"));
    private final Future<?> polling;
    private volatile boolean running;

    private record Watched(String model, int number) {}

    TrainingEvents(TrainingService trainings, EventProperties properties, Connections connections) {
        this.trainings = trainings;
        this.properties = properties;
        this.connections = connections;
        senders.setCorePoolSize(SENDERS);
        senders.allowCoreThreadTimeOut(true);
        polling = scheduler.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** A stream of events that ends with the training. */
    SseEmitter watch(String modelId, int number, EventStream.Listener listener) {
        Training training = trainings.get(modelId, number);
        SseEmitter emitter = new SseEmitter(0L); // no timeout
        EventStream stream = new EventStream(training, emitter, listener, properties.heartbeat());
        stream.begin();
        if (!stream.isOver()) {
            Watched watched = new Watched(modelId, number);
            emitter.onCompletion(() -> remove(watched, stream));
            add(watched, stream);
        }
        return emitter;
    }

    private void add(Watched watched, EventStream stream) {
        streams.compute(watched, (key, present) -> {
            Set<EventStream> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(stream);
            return all;
        });
        if (!running) {
            stream.close();
        }
    }

    private void remove(Watched watched, EventStream stream) {
        streams.computeIfPresent(watched, (key, all) -> {
            all.remove(stream);
            return all.isEmpty() ? null : all;
        });
    }

    /** How many listen at the moment. */
    long listeners() {
        return all().count();
    }

    /** How many of them do not read. */
    long stuckListeners() {
        return all().filter(EventStream::isStuck).count();
    }

    private Stream<EventStream> all() {
        return streams.values().stream().flatMap(Set::stream);
    }

    private void poll() {
        if (!running) {
            return;
        }
        try {
            streams.forEach(this::tell);
            senders.setCorePoolSize((int) Math.min(MOST_SENDERS, SENDERS + stuckListeners()));
        } catch (RuntimeException e) {
            log.error("Sending events failed", e);
        }
    }

    private void tell(Watched watched, Set<EventStream> listeners) {
        try {
            Training training = trainings.get(watched.model(), watched.number());
            listeners.forEach(stream -> stream.offer(training, senders));
        } catch (StorageUnavailableException e) {
            log.debug("listeners wait: {}", e.getMessage());
        } catch (ModelNotFoundException | TrainingNotFoundException e) {
            Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
            listeners.forEach(stream -> stream.offerDeleted(now, senders));
        }
        listeners.stream().filter(EventStream::isOver).forEach(stream -> remove(watched, stream));
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        senders.setCorePoolSize(MOST_SENDERS);
        all().forEach(stream -> senders.execute(stream::close));
        CompletableFuture.delayedExecutor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS, scheduler)
                .execute(this::hangUp);
    }

    /** On those who have not even read the end. */
    private void hangUp() {
        all().map(EventStream::connection).forEach(connections::hangUp);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @PreDestroy
    void destroy() {
        polling.cancel(true);
        scheduler.shutdownNow();
        senders.shutdownNow();
    }
}
