package io.backprop.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.backprop.store.sqlite.SqliteDataSource;
import io.backprop.training.TrainingWorkers;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Assigns queued trainings to the workers of all processes. */
@Configuration(proxyBeanMethods = false)
class SchedulerConfiguration {
    /*
     * A worker without a heartbeat for 16 s is presumed dead. db-scheduler checks this at every other heartbeat, so
     * that another worker takes over within 12 to 25 s; TakeoverTests requires 30 s. Heartbeats every 5 s would need up
     * to 31 s.
     */

    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(4);
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration POLLING_INTERVAL = Duration.ofSeconds(1);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
    private static final Duration SHUTDOWN_MAX_WAIT = Duration.ofSeconds(5); // for checkpoints

    @Bean
    CustomTask<Void> trainingTask(TrainingWorkers workers) {
        return Tasks.custom(TrainingQueue.TASK_NAME, Void.class)
                .onFailure((failed, queue) ->
                        queue.reschedule(failed, failed.getTimeDone().plus(RETRY_DELAY)))
                .onDeadExecution((dead, queue) -> {
                    if (!workers.isRunning(dead.getExecution().taskInstance.getId())) {
                        queue.reschedule(dead, dead.getTimeDone());
                    }
                })
                .execute((training, context) -> {
                    workers.work(training.getId());
                    return (done, queue) -> {}; // the end of the training has removed it, or another process has it
                });
    }

    @Bean(destroyMethod = "stop")
    Scheduler scheduler(
            DataSource database,
            TrainingQueue queue,
            Clock clock,
            CustomTask<Void> trainingTask,
            @Qualifier("trainingThreads") ThreadPoolTaskExecutor threads,
            ObjectProvider<JdbcCustomization> customization) {
        if (database instanceof SqliteDataSource file && file.damage() == null) {
            queue.releaseAll();
        }
        SchedulerBuilder builder = Scheduler.create(database, trainingTask)
                .clock(clock::instant)
                .serializer(new Jackson3Serializer()) // not used, but the default is Java serialization
                .threads(threads.getCorePoolSize())
                .executorService(threads.getThreadPoolExecutor())
                .pollUsingLockAndFetch(0.99, 1)
                .pollingInterval(POLLING_INTERVAL)
                .heartbeatInterval(HEARTBEAT_INTERVAL)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .shutdownMaxWait(SHUTDOWN_MAX_WAIT);
        customization.ifAvailable(builder::jdbcCustomization);
        return builder.build();
    }
}
