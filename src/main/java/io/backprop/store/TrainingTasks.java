package io.backprop.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.time.Instant;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The line of trainings in the table of db-scheduler, which has nothing but their keys; changed with the trainings. */
@Component
class TrainingTasks {

    static final String NAME = "training";

    private final JdbcClient jdbc;
    private final ObjectProvider<Scheduler> scheduler;

    TrainingTasks(JdbcClient jdbc, ObjectProvider<Scheduler> scheduler) {
        this.jdbc = jdbc;
        this.scheduler = scheduler;
    }

    void add(String training) {
        jdbc.sql("""
                        insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                        values (:name, :training, :now, :picked, 1)""")
                .param("name", NAME)
                .param("training", training)
                .param("now", Micros.of(Instant.now()))
                .param("picked", false)
                .update();
    }

    void remove(String training) {
        jdbc.sql("delete from scheduled_tasks where task_instance = :training")
                .param("training", training)
                .update();
    }

    /** Lets any process take the training. */
    void release(String training) {
        jdbc.sql("""
                        update scheduled_tasks set picked = :picked, picked_by = null, last_heartbeat = null,
                          version = version + 1
                        where task_instance = :training""").param("picked", false).param("training", training).update();
    }

    /** What processes that are no more have leased, where there can be no other than this one. */
    void releaseAll() {
        jdbc.sql("""
                        update scheduled_tasks set picked = :picked, picked_by = null, last_heartbeat = null,
                          version = version + 1""").param("picked", false).update();
    }

    /** Has the line looked at now, and not in a while. */
    void wake() {
        scheduler.ifAvailable(Scheduler::triggerCheckForDueExecutions);
    }

    @EventListener
    void stop(ContextClosedEvent closed) {
        scheduler.ifAvailable(Scheduler::pause);
    }
}
