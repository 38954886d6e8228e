package io.backprop.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The queue of trainings. */
@Component
class TrainingQueue extends WorkQueue {

    static final String TASK_NAME = "training";

    TrainingQueue(JdbcClient jdbc, Clock clock, ObjectProvider<Scheduler> scheduler) {
        super(
                jdbc,
                clock,
                scheduler,
                TASK_NAME,
                "scheduled_tasks",
                "training where state = 'QUEUED' and kind = 'TRAINING' and table_name is null and owner = :owner");
    }
}
