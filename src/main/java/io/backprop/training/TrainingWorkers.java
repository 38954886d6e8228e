package io.backprop.training;

import io.backprop.engine.Parallelism;
import io.backprop.limits.MemoryBudget;
import jakarta.annotation.PreDestroy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The trainings that this process works at, a few at once. Whoever keeps the line calls {@link #work} for the next. */
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
    private final ExecutorService helpers; // shared by all trainings
    private volatile boolean stopping;

    TrainingWorkers(
            TrainingStore store,
            TrainingProperties properties,
            CheckpointWriter checkpoints,
            TrainingExecutor executor,
            CompletionNotifier notifier,
            MemoryBudget memory) {
        this.store = store;
        this.properties = properties;
        this.checkpoints = checkpoints;
        this.executor = executor;
        this.notifier = notifier;
        this.memory = memory;
        this.helpers = Executors.newFixedThreadPool(Math.max(1, properties.threads() - 1), daemons("training-helper"));
    }

    /** Platform threads that keep no process from its end. */
    static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** The threads that {@link #work} is to be called from, and no others. */
    public ExecutorService newThreads() {
        return Executors.newFixedThreadPool(properties.workers(), daemons("training"));
    }

    /** Trainings at once. */
    public int count() {
        return properties.workers();
    }

    /** Trainings that may stand in the line: those that a worker is free for, and some more. */
    int maxQueued() {
        return properties.queue() + Math.max(0, properties.workers() - runs.size());
    }

    /** Works at a training until it is over, or to be gone on with elsewhere. */
    public void work(String id) {
        Optional<LeasedTraining> leased = store.lease(id);
        if (leased.isEmpty()) {
            notifier.notifyWaiters(id);
            return;
        }
        TrainingRun run = new TrainingRun(leased.get(), checkpoints);
        tell(leased.get());
        runs.put(id, run);
        MemoryBudget.Share share = memory.hold(leased.get().prepared().bytes());
        try {
            if (stopping) {
                run.suspend();
            }
            executor.execute(run, leased.get(), new Parallelism(helpers, properties.threads()));
        } catch (LeaseLostException e) {
            log.info("Stopped working: {}", e.getMessage());
        } finally {
            share.close();
            runs.remove(id, run);
            notifier.notifyWaiters(id);
        }
    }

    private static void tell(LeasedTraining leased) {
        Training training = leased.training();
        if (leased.lease().token() > 1) {
            int epochs = leased.checkpoint() == null
                    ? 0
                    : leased.checkpoint().history().epochs();
            log.info("Training {} of model {} goes on after epoch {}", training.number(), training.model(), epochs);
        }
    }

    public boolean isWorkingAt(String id) {
        return runs.containsKey(id);
    }

    Optional<TrainingRun> run(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    Collection<TrainingRun> runs() {
        return List.copyOf(runs.values());
    }

    /** Lets all trainings write a checkpoint and stop. */
    @EventListener
    void suspend(ContextClosedEvent closed) {
        stopping = true;
        runs.values().forEach(TrainingRun::suspend);
    }

    @PreDestroy
    void stop() {
        helpers.shutdown();
    }
}
