package io.backprop.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A queue of work: a table of db-scheduler, with the ids of what has not ended. It is changed by own SQL, in the transaction
 * that changes the work, because db-scheduler cannot delete or release a task that is being executed.
 */
abstract class WorkQueue {

    private final JdbcClient jdbc;
    private final Clock clock;
    private final ObjectProvider<Scheduler> scheduler;
    private final String taskName;
    private final String table;
    private final QueueRounds rounds;

    /**
     * @param table of db-scheduler
     * @param queued the queued work of {@code :owner}, with its round, for a from clause
     */
    WorkQueue(
            JdbcClient jdbc,
            Clock clock,
            ObjectProvider<Scheduler> scheduler,
            String taskName,
            String table,
            String queued) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.scheduler = scheduler;
        this.taskName = taskName;
        this.table = table;
        this.rounds = new QueueRounds(jdbc, taskName, queued);
    }

    /** Work must not be executed yet; it stays in the queue. */
    static final class PostponedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    String table() {
        return table;
    }

    QueueRounds rounds() {
        return rounds;
    }

    /** @param priority that of work in round 0; it falls by one each round */
    void add(String id, int round, int priority) {
        String sql = """
            insert into %s (task_name, task_instance, execution_time, picked, version, priority)
            values (?, ?, ?, ?, 1, ?)\
            """.formatted(table);
        jdbc.sql(sql)
                .params(taskName, id, Timestamp.from(clock.instant()), false, priority - round)
                .update();
    }

    void remove(String id) {
        jdbc.sql("delete from %s where task_instance = ?".formatted(table))
                .params(id)
                .update();
    }

    /** Makes work due now, after all that is in the queue. */
    void scheduleNow(String id) {
        String sql = """
            update %1$s set execution_time = ?, priority = (select min(priority) from %1$s)
            where task_instance = ?\
            """.formatted(table);
        jdbc.sql(sql).params(Timestamp.from(clock.instant()), id).update();
    }

    /** Whether work waits for a process, until its turn or until it is retried. */
    boolean isWaiting(String id) {
        return has(id, false);
    }

    /** Whether a process executes this work, as far as is known. */
    boolean isPicked(String id) {
        return has(id, true);
    }

    private boolean has(String id, boolean picked) {
        return jdbc.sql("select count(*) from %s where task_instance = ? and picked = ?".formatted(table))
                        .params(id, picked)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Makes work available to all processes. */
    void release(String id) {
        jdbc.sql(releaseSql() + " where task_instance = ?").params(false, id).update();
    }

    /** Releases the work of previous processes, if no other process can use the database. */
    void releaseAll() {
        jdbc.sql(releaseSql()).params(false).update();
    }

    private String releaseSql() {
        return "update %s set picked = ?, picked_by = null, last_heartbeat = null, version = version + 1"
                .formatted(table);
    }

    /** Checks for work immediately, not at the next poll. */
    void poll() {
        scheduler.ifAvailable(Scheduler::triggerCheckForDueExecutions);
    }

    @EventListener
    void stop(ContextClosedEvent closed) {
        scheduler.ifAvailable(Scheduler::pause);
    }
}
