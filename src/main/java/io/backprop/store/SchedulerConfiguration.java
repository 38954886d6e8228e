package io.backprop.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerStarter;
import com.github.kagkarlsson.scheduler.boot.config.startup.ContextReadyStart;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.backprop.limits.MemoryBusyException;
import io.backprop.model.NewerModelException;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.format.NewerFormatException;
import io.backprop.store.sqlite.SqliteDataSource;
import io.backprop.training.TrainingWorkers;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Assigns queued trainings, and parts of trainings, to the workers of all processes. */
@Configuration(proxyBeanMethods = false)
class SchedulerConfiguration {
    /*
     * A worker without a heartbeat for 16 s is presumed dead. db-scheduler checks this at every other heartbeat, so
     * that another worker takes over within 12 to 25 s; TakeoverTests requires 30 s. Heartbeats every 5 s would need up
     * to 31 s.
     */

    private static final Logger log = LoggerFactory.getLogger(SchedulerConfiguration.class);

    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(4);
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration POLLING_INTERVAL = Duration.ofSeconds(1);
    private static final Duration POLLING_INTERVAL_OF_PARTS =
            Duration.ofMillis(250); // they may take less than a second
    private static final Duration BUSY_DELAY = Duration.ofSeconds(5);
    private static final Duration FIRST_RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY_DELAY = Duration.ofMinutes(1);

    /** Other work needs time to return memory. */
    private static final Duration FIRST_DELAY_WITHOUT_MEMORY = Duration.ofSeconds(30);

    private static final Duration LAST_DELAY_WITHOUT_MEMORY = Duration.ofMinutes(10);
    private static final Duration SHUTDOWN_MAX_WAIT = Duration.ofSeconds(5); // for checkpoints

    @Bean
    CustomTask<Void> trainingTask(TrainingWorkers workers) {
        return task(TrainingQueue.TASK_NAME, workers, workers::work);
    }

    @Bean
    CustomTask<Void> partTask(TrainingWorkers workers) {
        return task(PartQueue.TASK_NAME, workers, workers::workOnPart);
    }

    /** @param work does the work with this id */
    private static CustomTask<Void> task(String name, TrainingWorkers workers, Consumer<String> work) {
        Set<String> newerTrainings = ConcurrentHashMap.newKeySet(); // already logged
        return Tasks.custom(name, Void.class)
                .onFailure((failed, queue) ->
                        queue.reschedule(failed, failed.getTimeDone().plus(retryDelay(failed, newerTrainings))))
                .onDeadExecution((dead, queue) -> {
                    if (!workers.isRunning(dead.getExecution().taskInstance.getId())) {
                        queue.reschedule(dead, dead.getTimeDone());
                    }
                })
                .execute((instance, context) -> {
                    try {
                        work.accept(instance.getId());
                        return (done, queue) -> {}; // its end has removed it, or another process has it
                    } catch (MemoryBusyException | WorkQueue.PostponedException e) { // not counted as a failure
                        return (done, queue) ->
                                queue.reschedule(done, done.getTimeDone().plus(BUSY_DELAY));
                    }
                });
    }

    /**
     * Logs why a training could not be executed, and returns when it is tried again: after 1, 2, 4 s and so on, or after 30,
     * 60, 120 s and so on if memory ran out.
     */
    private static Duration retryDelay(ExecutionComplete failed, Set<String> newerTrainings) {
        String id = failed.getExecution().taskInstance.getId();
        Throwable cause = failed.getCause().orElseThrow();
        boolean withoutMemory = cause instanceof OutOfMemoryError;
        Duration first = withoutMemory ? FIRST_DELAY_WITHOUT_MEMORY : FIRST_RETRY_DELAY;
        Duration last = withoutMemory ? LAST_DELAY_WITHOUT_MEMORY : LAST_RETRY_DELAY;
        int doublings = Math.min(failed.getExecution().consecutiveFailures, 16);
        Duration growing = first.multipliedBy(1L << doublings);
        Duration delay = growing.compareTo(last) < 0 ? growing : last;
        if (cause instanceof NewerFormatException || cause instanceof NewerModelException) {
            if (newerTrainings.add(id)) {
                log.warn("Training {} is left to a newer version of the service: {}", id, cause.getMessage());
            }
        } else if (cause instanceof StorageUnavailableException || cause instanceof StorageFullException) {
            log.warn("Training {} is tried again in {} s: {}", id, delay.toSeconds(), cause.getMessage());
        } else {
            log.error("Training {} is tried again in {} s", id, delay.toSeconds(), cause);
        }
        return delay;
    }

    @Bean(destroyMethod = "stop")
    Scheduler scheduler(
            DataSource database,
            TrainingQueue queue,
            Clock clock,
            @Qualifier("trainingTask") CustomTask<Void> task,
            @Qualifier("trainingThreads") ThreadPoolTaskExecutor threads,
            ObjectProvider<JdbcCustomization> customization) {
        return scheduler(database, queue, clock, task, threads, customization, POLLING_INTERVAL);
    }

    /** Started by {@link #partSchedulerStarter}; no default candidate, so that Spring Boot starts the other one. */
    @Bean(destroyMethod = "stop", defaultCandidate = false)
    Scheduler partScheduler(
            DataSource database,
            PartQueue queue,
            Clock clock,
            @Qualifier("partTask") CustomTask<Void> task,
            @Qualifier("partThreads") ThreadPoolTaskExecutor threads,
            ObjectProvider<JdbcCustomization> customization) {
        return scheduler(database, queue, clock, task, threads, customization, POLLING_INTERVAL_OF_PARTS);
    }

    @Bean(defaultCandidate = false)
    DbSchedulerStarter partSchedulerStarter(@Qualifier("partScheduler") Scheduler scheduler) {
        return new ContextReadyStart(scheduler);
    }

    private static Scheduler scheduler(
            DataSource database,
            WorkQueue queue,
            Clock clock,
            CustomTask<Void> task,
            ThreadPoolTaskExecutor threads,
            ObjectProvider<JdbcCustomization> customization,
            Duration pollingInterval) {
        if (database instanceof SqliteDataSource file && file.damage() == null) {
            queue.releaseAll();
        }
        SchedulerBuilder builder = Scheduler.create(database, task)
                .tableName(queue.table())
                .clock(clock::instant)
                .serializer(new Jackson3Serializer()) // not used, but the default is Java serialization
                .threads(threads.getCorePoolSize())
                .executorService(threads.getThreadPoolExecutor())
                .pollUsingLockAndFetch(0.99, 1)
                .enablePriority()
                .pollingInterval(pollingInterval)
                .heartbeatInterval(HEARTBEAT_INTERVAL)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .shutdownMaxWait(SHUTDOWN_MAX_WAIT);
        customization.ifAvailable(builder::jdbcCustomization);
        return builder.build();
    }
}
