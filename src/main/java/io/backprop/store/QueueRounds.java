package io.backprop.store;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The order of a queue. Work of different owners is started in turn: the queue is worked off in rounds, and a round has one
 * piece of work of each owner. It belongs to the round after that of its owner's previous one, but not to a round before the
 * current one, so that an owner who has queued nothing for some time gains nothing.
 */
final class QueueRounds {
    /*
     * This is start-time fair queueing (Goyal, Vin and Cheng, 1996) with work of equal length: the round is the start tag,
     * and the latest round that was started is the virtual time. Both are stored, so that the order is the same on all
     * replicas and after a restart (TrainingOrderContract).
     */

    private final JdbcClient jdbc;
    private final String queue;
    private final String queued;

    /**
     * @param queue name of the queue
     * @param queued the queued work of {@code :owner}, with its round, for a from clause
     */
    QueueRounds(JdbcClient jdbc, String queue, String queued) {
        this.jdbc = jdbc;
        this.queue = queue;
        this.queued = queued;
    }

    /** Returns the round of the owner's next work. No other transaction adds work of this owner until this one ends. */
    int next(String owner) {
        start(owner, 0); // locks the row
        String sql = """
            select max(round) from (
              select round from queue_round where queue = :queue
              union all select round + 1 from queue_round where queue = :queue and owner = :owner
              union all select round + 1 from %s) rounds\
            """.formatted(queued);
        return jdbc.sql(sql)
                .param("queue", queue)
                .param("owner", owner)
                .query(Integer.class)
                .single();
    }

    /** Records that work of an owner is started in a round. */
    void start(String owner, int round) {
        jdbc.sql("""
            insert into queue_round (queue, owner, round) values (?, ?, ?)
            on conflict (queue, owner) do update set round = excluded.round
            where excluded.round > queue_round.round\
            """).params(queue, owner, round).update();
    }
}
