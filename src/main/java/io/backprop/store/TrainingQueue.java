package io.backprop.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The queue of trainings: db-scheduler's table, with the ids of trainings that have not ended. It is changed by own
 * SQL, in the transaction that changes the training, because db-scheduler cannot delete or release a task that is being
 * executed.
 */
@Component
class TrainingQueue {

    static final String TASK_NAME = "training";

    private static final String RELEASE = """
            update scheduled_tasks set picked = ?, picked_by = null, last_heartbeat = null, version = version + 1""";

    private final JdbcClient jdbc;
    private final Clock clock;
    private final ObjectProvider<Scheduler> scheduler;

    TrainingQueue(JdbcClient jdbc, Clock clock, ObjectProvider<Scheduler> scheduler) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /** A training must not be executed yet; it stays in the queue. */
    static final class PostponedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    void add(String trainingId) {
        jdbc.sql("""
                        insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                        values (?, ?, ?, ?, 1)""")
                .params(TASK_NAME, trainingId, Timestamp.from(clock.instant()), false)
                .update();
    }

    void remove(String trainingId) {
        jdbc.sql("delete from scheduled_tasks where task_instance = ?")
                .params(trainingId)
                .update();
    }

    /** Makes a training due now, after all that already are. */
    void scheduleNow(String trainingId) {
        jdbc.sql("update scheduled_tasks set execution_time = ? where task_instance = ?")
                .params(Timestamp.from(clock.instant()), trainingId)
                .update();
    }

    /** Whether a training waits for a process, until its turn or until it is retried. */
    boolean isWaiting(String trainingId) {
        return jdbc.sql("select count(*) from scheduled_tasks where task_instance = ? and picked = ?")
                        .params(trainingId, false)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Makes a training available to all processes. */
    void release(String trainingId) {
        jdbc.sql(RELEASE + " where task_instance = ?").params(false, trainingId).update();
    }

    /** Releases the trainings of previous processes, if no other process can use the database. */
    void releaseAll() {
        jdbc.sql(RELEASE).params(false).update();
    }

    /** Checks for trainings immediately, not at the next poll. */
    void poll() {
        scheduler.ifAvailable(Scheduler::triggerCheckForDueExecutions);
    }

    @EventListener
    void stop(ContextClosedEvent closed) {
        scheduler.ifAvailable(Scheduler::pause);
    }
}
