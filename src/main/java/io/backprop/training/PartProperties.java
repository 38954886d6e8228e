package io.backprop.training;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of trainings that are done in parts: cross-validations and searches.
 *
 * @param workers number of folds and trials at a time, one thread each; 0 for one per core
 */
@ConfigurationProperties("backprop.search")
record PartProperties(@DefaultValue("0") int workers) {

    PartProperties {
        requireArgument(workers >= 0, "backprop.search.workers must be at least 0, but was %d", workers);
        workers = workers == 0 ? Runtime.getRuntime().availableProcessors() : workers;
    }
}
