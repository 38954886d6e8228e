package io.backprop.training;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much is trained at once.
 *
 * @param workers trainings at a time; 0 for one less than the machine has cores, but at least 1
 * @param threads that one training may use where the work is worth it; 0 for one per core
 * @param queue trainings that may wait for a worker
 * @param checkpointInterval between two checkpoints of a training, from which it goes on after the process's end
 */
@ConfigurationProperties("backprop.training")
record TrainingProperties(
        @DefaultValue("0") int workers,
        @DefaultValue("0") int threads,
        @DefaultValue("100") int queue,
        @DefaultValue("PT10S") Duration checkpointInterval) {

    TrainingProperties {
        requireArgument(workers >= 0, "backprop.training.workers must be at least 0, but was %d", workers);
        requireArgument(threads >= 0, "backprop.training.threads must be at least 0, but was %d", threads);
        requireArgument(queue >= 1, "backprop.training.queue must be at least 1, but was %d", queue);
        requireArgument(
                checkpointInterval.toMillis() > 0,
                "backprop.training.checkpoint-interval must be greater than 0, but was %s",
                checkpointInterval);
        int cores = Runtime.getRuntime().availableProcessors();
        workers = workers == 0 ? Math.max(1, cores - 1) : workers;
        threads = threads == 0 ? cores : threads;
    }
}
