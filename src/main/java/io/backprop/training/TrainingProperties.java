package io.backprop.training;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.limits.MemoryBudget;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of trainings.
 *
 * @param workers number of trainings at a time; 0 for one less than the number of cores, but at least 1
 * @param threads number of threads that one training may use, for several networks or large steps; 0 for one per core
 * @param queue number of trainings that may wait for a worker; those of a key no more than remain free for others
 * @param queueData size of the data of queued and running trainings, shared in the same way
 * @param waits number of requests that may wait for the end of a training; 0 for {@value #MAX_WAITS}, or as many as use up to
 *     5 % of the heap
 * @param keys number of idempotency keys of a model that are kept for their lifetime
 * @param checkpointInterval time between two checkpoints of a training, from which it resumes after a restart
 */
@ConfigurationProperties("backprop.training")
record TrainingProperties(
        @DefaultValue("0") int workers,
        @DefaultValue("0") int threads,
        @DefaultValue("100") int queue,
        @DefaultValue("8GB") DataSize queueData,
        @DefaultValue("0") int waits,
        @DefaultValue("10000") int keys,
        @DefaultValue("PT10S") Duration checkpointInterval) {

    private static final int MAX_WAITS = 2_000;

    TrainingProperties {
        requireArgument(workers >= 0, "backprop.training.workers must be at least 0, but was %d", workers);
        requireArgument(threads >= 0, "backprop.training.threads must be at least 0, but was %d", threads);
        requireArgument(queue >= 1, "backprop.training.queue must be at least 1, but was %d", queue);
        requireArgument(
                queueData.toBytes() >= 1,
                "backprop.training.queue-data must be at least 1 byte, but was %s",
                queueData);
        requireArgument(keys >= 1, "backprop.training.keys must be at least 1, but was %d", keys);
        requireArgument(waits >= 0, "backprop.training.waits must be at least 0, but was %d", waits);
        requireArgument(
                checkpointInterval.toMillis() > 0,
                "backprop.training.checkpoint-interval must be greater than 0, but was %s",
                checkpointInterval);
        int cores = Runtime.getRuntime().availableProcessors();
        workers = workers == 0 ? Math.max(1, cores - 1) : workers;
        threads = threads == 0 ? cores : threads;
        waits = waits == 0 ? MemoryBudget.waitingConnections(MAX_WAITS) : waits;
    }
}
