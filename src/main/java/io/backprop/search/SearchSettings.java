package io.backprop.search;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import io.backprop.engine.Metric;
import io.backprop.training.PreparedTraining;
import io.backprop.training.SearchPlan;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is in effect in a search, beside the settings of the training of each trial.
 *
 * @param trials number of trials, the model as it is among them
 * @param rungs at least one, in order
 * @param metric measured on the held-out rows, by which trials are compared
 * @param parallelism number of trials that may be queued or running at once
 * @param goal value of the metric that ends the search; null for none
 * @param seed of the held-out rows and of the configurations
 * @param publish whether the best configuration is trained on all rows and published
 */
public record SearchSettings(
        SearchSpace space,
        SearchStrategy strategy,
        int trials,
        List<Rung> rungs,
        Metric metric,
        int parallelism,
        @Nullable Double goal,
        long seed,
        boolean publish)
        implements SearchPlan {

    public SearchSettings {
        requireAtLeast(1, trials, "trials");
        requireAtLeast(1, parallelism, "parallelism");
        rungs = List.copyOf(rungs);
        requireAtLeast(1, rungs.size(), "rungs");
    }

    /** The configuration of a trial, from 0. */
    public Configuration configuration(int trial) {
        return Sampling.of(strategy, space, trials, seed).configuration(trial);
    }

    /** The training of a trial, from 0. */
    PreparedTraining trial(PreparedTraining search, int trial) {
        return configuration(trial).applyTo(search);
    }

    @Override
    public int epochs() {
        int epochs = 0;
        int before = 0;
        for (Rung rung : rungs) {
            epochs += rung.trials() * (rung.epochs() - before);
            before = rung.epochs();
        }
        return epochs;
    }

    /** The trial of the largest network determines it. */
    @Override
    public long bytes(PreparedTraining search) {
        Sampling sampling = Sampling.of(strategy, space, trials, seed);
        return IntStream.range(0, trials)
                .mapToLong(
                        trial -> sampling.configuration(trial).applyTo(search).bytes())
                .max()
                .orElseThrow();
    }
}
