package io.backprop.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.backprop.training.Training;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The queue of the parts of trainings. Folds of cross-validations come before trials of searches. */
@Component
class PartQueue extends WorkQueue {

    static final String TASK_NAME = "part";

    private static final int FOLDS = 1 << 30; // priority over trials

    PartQueue(JdbcClient jdbc, Clock clock, @Qualifier("partScheduler") ObjectProvider<Scheduler> scheduler) {
        super(jdbc, clock, scheduler, TASK_NAME, "scheduled_parts", """
            training_part
            where state = 'QUEUED' and (select owner from training where id = training_id) = :owner\
            """);
    }

    static int priority(Training.Kind kind) {
        return kind == Training.Kind.CROSS_VALIDATION ? FOLDS : 0;
    }
}
