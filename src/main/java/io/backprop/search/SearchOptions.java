package io.backprop.search;

import io.backprop.engine.Metric;
import org.jspecify.annotations.Nullable;

/**
 * How to search, beside how each trial is trained. Null means that a default is used.
 *
 * @param space null for the default space
 * @param trials number of trials, the model as it is among them; for a grid the most that it may have
 * @param rungs number of rungs after which the search ends; null for all
 * @param metric measured on the held-out rows, by which trials are compared; by default the log loss of a classification and
 *     the root mean squared error of a regression
 * @param parallelism number of trials that may be queued or running at once
 * @param goal value of the metric that ends the search once the best trial of a complete rung reaches it
 * @param seed of the held-out rows and of the configurations; null for the seed of the model
 * @param publish whether the best configuration is trained on all rows and published
 */
public record SearchOptions(
        @Nullable SearchSpace space,
        SearchStrategy strategy,
        @Nullable Integer trials,
        @Nullable Integer rungs,
        @Nullable Metric metric,
        @Nullable Integer parallelism,
        @Nullable Double goal,
        @Nullable Long seed,
        boolean publish) {

    public static final SearchStrategy DEFAULT_STRATEGY = SearchStrategy.SUCCESSIVE_HALVING;
    public static final int DEFAULT_TRIALS = 36;
    public static final int MAX_TRIALS = 1_000;
    public static final int DEFAULT_PARALLELISM = 16;
}
