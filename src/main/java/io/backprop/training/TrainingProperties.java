package io.backprop.training;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much is trained at once.
 *
 * @param workers threads that train; 0 for one less than the machine has cores, but at least 1
 * @param queue trainings that may wait for one
 */
@ConfigurationProperties("backprop.training")
record TrainingProperties(
        @DefaultValue("0") int workers, @DefaultValue("100") int queue) {

    TrainingProperties {
        requireArgument(workers >= 0, "backprop.training.workers must be at least 0, but was %d", workers);
        requireArgument(queue >= 1, "backprop.training.queue must be at least 1, but was %d", queue);
    }

    int threads() {
        return workers > 0 ? workers : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }
}
