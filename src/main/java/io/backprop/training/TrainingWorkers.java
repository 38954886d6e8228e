package io.backprop.training;

import io.backprop.engine.Parallelism;
import io.backprop.limits.MemoryBudget;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The trainings that run in this process. The queue calls {@link #work} for the next one whenever a thread is free. */
@Component
public class TrainingWorkers {

    private static final Logger log = LoggerFactory.getLogger(TrainingWorkers.class);

    private final ConcurrentMap<String, TrainingRun> runs = new ConcurrentHashMap<>();
    private final TrainingStore store;
    private final TrainingProperties properties;
    private final CheckpointWriter checkpoints;
    private final TrainingExecutor executor;
    private final CompletionNotifier notifier;
    private final MemoryBudget memory;
    private final Parallelism parallelism;
    private volatile boolean stopping;

    TrainingWorkers(
            TrainingStore store,
            TrainingProperties properties,
            CheckpointWriter checkpoints,
            TrainingExecutor executor,
            CompletionNotifier notifier,
            MemoryBudget memory,
            @Qualifier("trainingHelperThreads") Executor helpers) {
        this.store = store;
        this.properties = properties;
        this.checkpoints = checkpoints;
        this.executor = executor;
        this.notifier = notifier;
        this.memory = memory;
        this.parallelism = new Parallelism(helpers, properties.threads());
    }

    /** Largest number of queued trainings: the queue's size, and one for each free worker. */
    int maxQueued() {
        return properties.queue() + Math.max(0, properties.workers() - runs.size());
    }

    /** Runs a training in the caller's thread until it is over or suspended. */
    public void work(String id) {
        try {
            store.lease(id).ifPresent(this::run);
        } finally {
            notifier.notifyWaiters(id);
        }
    }

    private void run(LeasedTraining leased) {
        logResumption(leased);
        String id = leased.training().id();
        TrainingRun run = new TrainingRun(leased, checkpoints);
        runs.put(id, run);
        try (MemoryBudget.Reservation reservation =
                memory.hold(leased.prepared().bytes())) {
            if (stopping) {
                run.suspend();
            }
            executor.execute(run, leased, parallelism);
        } catch (TrainingLease.LostException e) {
            log.info("Training stopped: {}", e.getMessage());
        } finally {
            runs.remove(id, run);
        }
    }

    private static void logResumption(LeasedTraining leased) {
        Training training = leased.training();
        if (leased.lease().token() > 1) {
            int epochs = leased.checkpoint() == null
                    ? 0
                    : leased.checkpoint().state().progress().epoch();
            log.info("Training {} of model {} resumes after epoch {}", training.number(), training.model(), epochs);
        }
    }

    public boolean isRunning(String id) {
        return runs.containsKey(id);
    }

    Optional<TrainingRun> find(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    Collection<TrainingRun> runs() {
        return List.copyOf(runs.values());
    }

    /** Lets all trainings write a checkpoint and stop. */
    @EventListener(ContextClosedEvent.class)
    void suspend() {
        stopping = true;
        runs.values().forEach(TrainingRun::suspend);
    }
}
