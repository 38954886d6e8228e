package io.backprop.search;

import static io.backprop.model.InvalidInputException.require;
import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Metric;
import io.backprop.engine.TargetKind;
import io.backprop.limits.LimitExceededException;
import io.backprop.model.InvalidInputException;
import io.backprop.training.PreparedTraining;
import io.backprop.training.SearchCommand;
import java.util.List;
import java.util.function.Consumer;
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
        boolean publish)
        implements SearchCommand {

    public static final SearchStrategy DEFAULT_STRATEGY = SearchStrategy.SUCCESSIVE_HALVING;
    public static final int DEFAULT_TRIALS = 36;
    public static final int MAX_TRIALS = 1_000;
    public static final int DEFAULT_PARALLELISM = 16;

    public SearchOptions {
        require("trials", trials == null || trials >= 1, "trials must be at least 1, but were " + trials);
        require(
                "trials",
                trials == null || trials <= MAX_TRIALS,
                "trials must be at most %d, but were %d".formatted(MAX_TRIALS, trials));
        require("rungs", rungs == null || rungs >= 1, "rungs must be at least 1, but were " + rungs);
        require(
                "parallelism",
                parallelism == null || parallelism >= 1,
                "parallelism must be at least 1, but was " + parallelism);
        require("goal", goal == null || Double.isFinite(goal), "goal must be finite, but was " + goal);
        require("metric", metric != Metric.LOSS, "metric must be one of the held-out rows, but was loss");
    }

    @Override
    public SearchSettings plan(PreparedTraining prepared, Consumer<PreparedTraining> limits) {
        SearchSpace searched =
                space == null ? SearchSpace.around(prepared.model().spec(), prepared.architecture()) : space;
        long chosenSeed = seed == null ? prepared.model().spec().plan().seed() : seed;
        Sampling sampling = Sampling.of(strategy, searched, requested(searched), chosenSeed);
        requireWithin(limits, prepared, sampling);
        List<Rung> all = Rung.of(
                strategy,
                sampling.trials(),
                prepared.plan().epochs(),
                prepared.plan().schedule());
        require(
                "rungs",
                rungs == null || rungs <= all.size(),
                "rungs must be at most %d for this strategy and as many epochs, but were %d"
                        .formatted(all.size(), rungs));
        return new SearchSettings(
                searched,
                strategy,
                sampling.trials(),
                rungs == null ? all : all.subList(0, rungs),
                metric(prepared),
                requireNonNullElse(parallelism, DEFAULT_PARALLELISM),
                goal,
                chosenSeed,
                publish);
    }

    /** A grid of values is as large as it is, unless the request bounds it. */
    private int requested(SearchSpace searched) {
        if (trials != null) {
            return trials;
        }
        return strategy == SearchStrategy.GRID && !searched.hasRange() ? MAX_TRIALS : DEFAULT_TRIALS;
    }

    private static void requireWithin(Consumer<PreparedTraining> limits, PreparedTraining prepared, Sampling sampling) {
        for (int trial = 0; trial < sampling.trials(); trial++) {
            PreparedTraining training = sampling.configuration(trial).applyTo(prepared);
            try {
                limits.accept(training);
            } catch (LimitExceededException e) { // only layers decide about the size
                throw new LimitExceededException(
                        SearchSpace.pointer(SearchField.HIDDEN), String.valueOf(e.getMessage()));
            }
        }
    }

    private Metric metric(PreparedTraining prepared) {
        TargetKind kind = prepared.targetKind();
        Metric chosen = requireNonNullElse(
                metric, kind == TargetKind.NUMBERS ? Metric.ROOT_MEAN_SQUARED_ERROR : Metric.LOG_LOSS);
        try {
            kind.requireFit(
                    "metric", chosen, prepared.data().training().targets().columns());
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException("metric", e);
        }
        return chosen;
    }
}
