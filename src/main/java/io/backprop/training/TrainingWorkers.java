package io.backprop.training;

import io.backprop.engine.Threads;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.MemoryBusyException;
import io.backprop.model.ModelDeletedEvent;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.training.TrainingStore.CancellationRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The trainings, and parts of trainings, that run in this process. Their queues call {@link #work} and {@link #workOnPart} for
 * the next one whenever a thread is free. They are synchronized with the store, so that any process can show their progress and cancel them.
 */
@Component
public class TrainingWorkers {

    private static final Logger log = LoggerFactory.getLogger(TrainingWorkers.class);

    private final ConcurrentMap<String, TrainingRun> runs = new ConcurrentHashMap<>();
    private final TrainingStore store;
    private final TrainingProperties properties;
    private final TrainingExecutor executor;
    private final PartStore parts;
    private final PartExecutor partExecutor;
    private final TrainingMetrics metrics;
    private final ApplicationEventPublisher events;
    private final MemoryBudget memory;
    private final Executor checkpointThread;
    private final Threads threads;
    private volatile boolean stopping;

    TrainingWorkers(
            TrainingStore store,
            TrainingProperties properties,
            TrainingExecutor executor,
            PartStore parts,
            PartExecutor partExecutor,
            TrainingMetrics metrics,
            ApplicationEventPublisher events,
            MemoryBudget memory,
            @Qualifier("checkpointThread") Executor checkpointThread,
            @Qualifier("trainingHelperThreads") Executor helpers) {
        this.store = store;
        this.properties = properties;
        this.executor = executor;
        this.parts = parts;
        this.partExecutor = partExecutor;
        this.metrics = metrics;
        this.events = events;
        this.memory = memory;
        this.checkpointThread = checkpointThread;
        this.threads = new Threads(helpers, properties.threads());
    }

    /** The limits of the queue, which has one more place for each free worker. */
    TrainingStore.QueueLimits queueLimits() {
        return new TrainingStore.QueueLimits(
                properties.queue() + Math.max(0, properties.workers() - (int) count(store)),
                properties.queueData().toBytes());
    }

    private long count(LeaseStore kind) {
        return runs.values().stream().filter(run -> run.store() == kind).count();
    }

    /**
     * Runs a training in the caller's thread until it is over or suspended.
     *
     * @throws MemoryBusyException if its memory is in use; it stays in the queue
     */
    public void work(String id) {
        MemoryBudget.Reservation reservation = memory.begin();
        try (reservation) {
            try {
                reservation.add(store.memory(id)); // before its data are read
                store.lease(id).ifPresentOrElse(this::run, () -> countAsEnded(id, Training::isOver));
            } finally {
                reservation.release(); // the listener may load the model
                events.publishEvent(new TrainingStoppedEvent(id));
            }
        }
    }

    /**
     * Does a part of a training in the caller's thread until its stage is completed or it is suspended.
     *
     * @throws MemoryBusyException if its memory is in use; it stays in the queue
     */
    public void workOnPart(String id) {
        MemoryBudget.Reservation reservation = memory.begin();
        try (reservation) {
            PartStore.Memory needed = parts.memory(id);
            reservation.add(needed.all()); // before its data are read
            String training = TrainingPart.trainingOf(id);
            try {
                parts.lease(id)
                        .ifPresentOrElse(
                                part -> {
                                    reservation.use(part.prepared().data(), needed.examples());
                                    reservation.add(-needed.examples());
                                    runPart(part);
                                },
                                () -> countAsEnded(training, ended -> ended.state() == Training.State.FAILED));
            } finally {
                reservation.release(); // the listener may load the model
                events.publishEvent(new TrainingStoppedEvent(training));
            }
        }
    }

    /** Counts a training that has failed because it, or a part of it, was attempted too often or could not be read. */
    private void countAsEnded(String id, Predicate<Training> ended) {
        store.find(id)
                .filter(ended)
                .ifPresent(training -> metrics.ended(
                        training.kind(), training.state(), training.progress().worked()));
    }

    private void run(LeasedTraining leased) {
        run(leased, store, run -> executor.execute(run, leased, threads));
    }

    private void runPart(LeasedTraining leased) {
        run(leased, parts, run -> partExecutor.execute(run, leased));
    }

    private void run(LeasedTraining leased, LeaseStore leases, Consumer<TrainingRun> task) {
        String id = leased.lease().id();
        TrainingRun run = new TrainingRun(leased, leases, properties.checkpointInterval(), checkpointThread);
        runs.put(id, run);
        metrics.started(run, leased);
        try {
            if (stopping) {
                run.stop(TrainingRun.Stop.SUSPEND);
            }
            task.accept(run);
        } catch (TrainingLease.LostException e) {
            if (leased.part() == null) {
                run.current().log(log.atInfo(), "stopped, since it is deleted or taken over by another process");
            } else {
                log.debug("{} stopped, since its training has ended or another process has it", run.name());
            }
        } finally {
            runs.remove(id, run);
            metrics.stopped(run);
        }
    }

    public boolean isRunning(String id) {
        return runs.containsKey(id);
    }

    Optional<TrainingRun> find(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    @Scheduled(fixedDelay = 250)
    @EventListener(ModelDeletedEvent.class)
    void applyCancellations() {
        Map<String, TrainingRun> before = Map.copyOf(runs); // those that start later are not missing in the answer
        if (before.isEmpty()) {
            return;
        }
        try {
            Map<TrainingLease, CancellationRequest> requests = store.cancellationRequests(ids(before, store)).stream()
                    .collect(Collectors.toMap(CancellationRequest::lease, Function.identity()));
            Set<TrainingLease> partLeases = Set.copyOf(parts.leases(ids(before, parts)));
            for (TrainingRun run : before.values()) {
                CancellationRequest request = requests.get(run.lease());
                if (request == null && !partLeases.contains(run.lease())) {
                    run.stop(TrainingRun.Stop.LEASE_LOST);
                } else if (request != null && request.cancelled()) {
                    run.stop(request.keep() ? TrainingRun.Stop.KEEP : TrainingRun.Stop.DISCARD);
                }
            }
        } catch (StorageUnavailableException e) {
            log.debug("Cancellation requests can't be read: {}", e.getMessage());
        }
    }

    private static Set<String> ids(Map<String, TrainingRun> runs, LeaseStore kind) {
        return runs.entrySet().stream()
                .filter(run -> run.getValue().store() == kind)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Scheduled(fixedDelay = 1_000)
    void saveProgress() {
        try {
            for (TrainingRun run : runs.values()) {
                if (!run.store().saveProgress(run.lease(), run.progress())) {
                    run.stop(TrainingRun.Stop.LEASE_LOST);
                }
            }
        } catch (StorageFullException | StorageUnavailableException e) {
            log.debug("Progress is not saved: {}", e.getMessage());
        }
    }

    /** Lets all trainings write a checkpoint and stop. */
    @EventListener(ContextClosedEvent.class)
    void suspend() {
        stopping = true;
        runs.values().forEach(run -> run.stop(TrainingRun.Stop.SUSPEND));
    }
}
