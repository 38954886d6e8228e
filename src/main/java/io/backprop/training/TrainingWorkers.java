package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.StopReason;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.engine.TrainingResult;
import io.backprop.model.Metrics;
import io.backprop.model.Model;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.ModelService;
import io.backprop.model.Publication;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.model.VersionMismatchException;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The threads that train; as many trainings run at once, the next ones wait in line. */
@Component
class TrainingWorkers {

    private static final Logger log = LoggerFactory.getLogger(TrainingWorkers.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(1);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    private final ModelService models;
    private final TrainingProperties properties;
    private final ThreadPoolExecutor pool;
    private final ExecutorService helpers; // shared by all trainings

    TrainingWorkers(ModelService models, TrainingProperties properties) {
        this.models = models;
        this.properties = properties;
        this.pool = new ThreadPoolExecutor(
                properties.workers(),
                properties.workers(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(properties.queue()),
                task -> daemon(task, "training"));
        this.helpers = Executors.newFixedThreadPool(
                Math.max(1, properties.threads() - 1), task -> daemon(task, "training-helper"));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    void submit(TrainingRun run, PreparedTraining prepared) {
        try {
            pool.execute(new Job(run, prepared));
        } catch (RejectedExecutionException e) {
            throw new QueueFullException(properties.queue(), RETRY_AFTER);
        }
    }

    /** Takes a training out of the line; empty if it does not wait there, since it has begun. */
    Optional<PreparedTraining> withdraw(TrainingRun run) {
        return pool.getQueue().stream()
                .map(Job.class::cast)
                .filter(job -> job.run == run && pool.remove(job))
                .map(job -> job.prepared)
                .findFirst();
    }

    @PreDestroy
    void stop() {
        pool.shutdownNow();
        helpers.shutdown();
    }

    private void work(TrainingRun run, PreparedTraining prepared) {
        Outcome outcome;
        try {
            run.started();
            outcome = train(run, prepared);
        } catch (TrainingDivergedException e) {
            outcome = new Outcome(Training.State.FAILED, StopReason.DIVERGED, e.getMessage());
        } catch (ModelNotFoundException e) {
            outcome = new Outcome(Training.State.CANCELLED, StopReason.CANCELLED, null);
        } catch (StorageFullException | StorageUnavailableException | VersionMismatchException e) {
            outcome = new Outcome(Training.State.FAILED, StopReason.ERROR, e.getMessage());
        } catch (OutOfMemoryError e) {
            log.error("training of model {} ran out of memory", prepared.model().id());
            outcome = new Outcome(Training.State.FAILED, StopReason.ERROR, "not enough memory for this training");
        } catch (RuntimeException | Error e) {
            log.error("training of model {} failed", prepared.model().id(), e);
            outcome = new Outcome(Training.State.FAILED, StopReason.ERROR, "an unexpected error, which was logged");
        }
        models.endTraining(prepared.model());
        run.end(outcome.state, outcome.reason, outcome.error);
    }

    private Outcome train(TrainingRun run, PreparedTraining prepared) {
        TrainingResult result = Trainer.start(prepared.start(), prepared.plan(), prepared.data())
                .on(new Threads(helpers, properties.threads()))
                .train(run);
        if (result.stopReason() == StopReason.CANCELLED && !run.keepsReached()) {
            return new Outcome(Training.State.CANCELLED, StopReason.CANCELLED, null);
        }
        run.published(result, publish(prepared, result));
        boolean cancelled = result.stopReason() == StopReason.CANCELLED;
        return new Outcome(cancelled ? Training.State.CANCELLED : Training.State.SUCCEEDED, result.stopReason(), null);
    }

    private Model publish(PreparedTraining prepared, TrainingResult result) {
        Publication publication = new Publication(
                prepared.architecture(),
                result.network(),
                prepared.epochsBefore() + result.epochsCompleted(),
                metrics(prepared, result).summary());
        long end = System.nanoTime() + LONGEST_OUTAGE.toNanos();
        while (true) {
            try {
                return models.publish(prepared.model(), publication);
            } catch (StorageUnavailableException e) { // what took hours may wait for a minute
                if (System.nanoTime() > end || pool.isShutdown()) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            }
        }
    }

    /** Of the validation examples if there are any, else of the training examples. */
    private static Metrics metrics(PreparedTraining prepared, TrainingResult result) {
        Examples examples = prepared.data().validation() == null
                ? prepared.data().training()
                : prepared.data().validation();
        return Metrics.of(prepared.architecture(), result.network().predict(examples.inputs()), examples.targets());
    }

    private final class Job implements Runnable {

        private final TrainingRun run;
        private final PreparedTraining prepared;

        Job(TrainingRun run, PreparedTraining prepared) {
            this.run = run;
            this.prepared = prepared;
        }

        @Override
        public void run() {
            work(run, prepared);
        }
    }

    private record Outcome(
            Training.State state,
            StopReason reason,
            @Nullable String error) {}
}
