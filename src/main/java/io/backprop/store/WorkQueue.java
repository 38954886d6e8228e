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
 *
 * <p>Work of different owners is started in turn: the queue is worked off in rounds, and a round has one piece of work of each
 * owner. It belongs to the round after that of its owner's previous one, but not to a round before the current one, so that
 * an owner who has queued nothing for some time gains nothing.
 */
abstract class WorkQueue {
    /*
     * This is start-time fair queueing (Goyal, Vin and Cheng, 1996) with work of equal length: the round is the start tag,
     * and the latest round that was started is the virtual time. Both are stored, so that the order is the same on all
     * replicas and after a restart (TrainingStoreContract).
     */

    private final JdbcClient jdbc;
    private final Clock clock;
    private final ObjectProvider<Scheduler> scheduler;
    private final String taskName;
    private final String table;
    private final String queued;

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
        this.queued = queued;
    }

    /** Work must not be executed yet; it stays in the queue. */
    static final class PostponedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    String table() {
        return table;
    }

    /** Returns the round of the owner's next work. No other transaction adds work of this owner until this one ends. */
    int nextRound(String owner) {
        startRound(owner, 0); // locks the row
        String sql = """
            select max(round) from (
              select round from queue_round where queue = :queue
              union all select round + 1 from queue_round where queue = :queue and owner = :owner
              union all select round + 1 from %s) rounds\
            """.formatted(queued);
        return jdbc.sql(sql)
                .param("queue", taskName)
                .param("owner", owner)
                .query(Integer.class)
                .single();
    }

    /** Records that work of an owner is started in a round. */
    void startRound(String owner, int round) {
        jdbc.sql("""
            insert into queue_round (queue, owner, round) values (?, ?, ?)
            on conflict (queue, owner) do update set round = excluded.round
            where excluded.round > queue_round.round\
            """).params(taskName, owner, round).update();
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
