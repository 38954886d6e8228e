package io.backprop.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.backprop.training.TrainingWorkers;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands the trainings in the line to the workers of whichever process has one that is free. */
@Configuration(proxyBeanMethods = false)
class SchedulerConfiguration {
    /*
     * A worker is taken for dead after 16 s without a heartbeat; that is looked for every other heartbeat. So another one
     * has taken over within 12 to 25 s. With heartbeats every 5 s and 20 s without any it might take 31.
     */

    private static final Duration HEARTBEAT = Duration.ofSeconds(4);
    private static final int MISSED = 4;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration BEFORE_ANOTHER_ATTEMPT = Duration.ofSeconds(5);
    private static final Duration CHECKPOINTS_AT_THE_END = Duration.ofSeconds(5);

    @Bean
    CustomTask<Void> trainingTask(TrainingWorkers workers) {
        return Tasks.custom(TrainingTasks.NAME, Void.class)
                .onFailure((failed, line) ->
                        line.reschedule(failed, failed.getTimeDone().plus(BEFORE_ANOTHER_ATTEMPT)))
                .onDeadExecution((dead, line) -> {
                    if (!workers.isWorkingAt(dead.getExecution().taskInstance.getId())) {
                        line.reschedule(dead, dead.getTimeDone());
                    }
                })
                .execute((training, context) -> {
                    workers.work(training.getId());
                    return (done, line) -> {}; // the training's end has removed it, or another process has it
                });
    }

    @Bean(destroyMethod = "stop")
    Scheduler scheduler(
            DataSource database, TrainingTasks tasks, CustomTask<Void> trainingTask, TrainingWorkers workers) {
        boolean embedded = database instanceof SqliteDataSource;
        if (embedded) {
            tasks.releaseAll();
        }
        return Scheduler.create(database, trainingTask)
                .jdbcCustomization(new SchedulerDialect(embedded))
                .serializer(new NoData())
                .threads(workers.count())
                .executorService(workers.newThreads())
                .pollUsingLockAndFetch(0.99, 1)
                .pollingInterval(POLL)
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED)
                .shutdownMaxWait(CHECKPOINTS_AT_THE_END)
                .build();
    }

    /** In place of Java's serialization. */
    private static final class NoData implements Serializer {

        @Override
        @SuppressWarnings("NullAway") // the interface is not annotated
        public byte[] serialize(Object data) {
            return null;
        }

        @Override
        @SuppressWarnings("NullAway")
        public <T> T deserialize(Class<T> type, byte[] bytes) {
            return null;
        }
    }
}
