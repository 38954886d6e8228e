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
 *
 * <p>Trainings of different owners are started in turn: the queue is worked off in rounds, and a round has one training of
 * each owner. A training belongs to the round after that of its owner's previous one, but not to a round before the current
 * one, so that an owner who has queued nothing for some time gains nothing.
 */
@Component
class TrainingQueue {
    /*
     * This is start-time fair queueing (Goyal, Vin and Cheng, 1996) with trainings of equal length: the round is the start
     * tag, and the latest round that was started is the virtual time. Both are stored, so that the order is the same on all
     * replicas and after a restart (TrainingStoreContract).
     */

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

    /**
     * Returns the round of the owner's next training. No other transaction adds a training of this owner until this one
     * ends.
     */
    int nextRound(String owner) {
        startRound(owner, 0); // locks the row
        return jdbc.sql("""
                        select max(round) from (
                          select round from queue_round
                          union all select round + 1 from queue_round where owner = :owner
                          union all select round + 1 from training where state = 'QUEUED' and owner = :owner) rounds""").param("owner", owner).query(Integer.class).single();
    }

    /** Records that a training of an owner is started in a round. */
    void startRound(String owner, int round) {
        jdbc.sql("""
                        insert into queue_round (owner, round) values (?, ?)
                        on conflict (owner) do update set round = excluded.round
                        where excluded.round > queue_round.round""").params(owner, round).update();
    }

    void add(String trainingId, int round) {
        jdbc.sql("""
                        insert into scheduled_tasks
                          (task_name, task_instance, execution_time, picked, version, priority)
                        values (?, ?, ?, ?, 1, ?)""")
                .params(TASK_NAME, trainingId, Timestamp.from(clock.instant()), false, -round)
                .update();
    }

    void remove(String trainingId) {
        jdbc.sql("delete from scheduled_tasks where task_instance = ?")
                .params(trainingId)
                .update();
    }

    /** Makes a training due now, after all that are in the queue. */
    void scheduleNow(String trainingId) {
        jdbc.sql("""
                        update scheduled_tasks
                        set execution_time = ?, priority = (select min(priority) from scheduled_tasks)
                        where task_instance = ?""").params(Timestamp.from(clock.instant()), trainingId).update();
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
