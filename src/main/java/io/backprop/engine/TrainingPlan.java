package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;
import static io.backprop.engine.InvalidArgumentException.requireNotNegative;
import static io.backprop.engine.InvalidArgumentException.requirePositive;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The hyper-parameters of a training.
 *
 * @param epochs at least 1; default 100
 * @param batchSize examples per step, at least 1; the last step of an epoch may have fewer
 * @param shuffle whether each epoch uses a new random order of the examples
 * @param dropRemainder whether the last step of an epoch is left out if it has fewer examples; with shuffling, other examples
 *     in each epoch. Without effect if there are several shards, whose steps are about equal
 * @param shards number of partial sums of which each gradient consists, a power of two from 1 to {@link #MAX_SHARDS};
 *     default 1. The result depends on it, but not on which machines and threads compute the sums ({@link GradientSource})
 * @param learningRate initial learning rate of the schedule, greater than 0; at least 0 for a schedule with a warm-up
 * @param frontScale factor of the learning rate of one learned scale for each input, at least 0; 0, the default, for none
 * @param keepBest null to complete all epochs and keep the last parameters
 * @param seed seed of the order of examples and of dropout
 */
public record TrainingPlan(
        int epochs,
        int batchSize,
        boolean shuffle,
        boolean dropRemainder,
        int shards,
        Optimizer optimizer,
        float learningRate,
        LearningRateSchedule schedule,
        LearningRateFactors learningRateFactors,
        float frontScale,
        Regularization regularization,
        @Nullable KeepBest keepBest,
        long seed) {

    public static final int DEFAULT_EPOCHS = 100;
    public static final int MAX_SHARDS = 4096;

    public TrainingPlan {
        requireAtLeast(1, epochs, "epochs");
        requireAtLeast(1, batchSize, "batchSize");
        requireArgument(
                shards >= 1 && shards <= MAX_SHARDS && Integer.bitCount(shards) == 1,
                "shards must be a power of two from 1 to %d, but was %d",
                MAX_SHARDS,
                shards);
        if (schedule.warmsUp()) {
            requireNotNegative(learningRate, "learningRate");
        } else {
            requirePositive(learningRate, "learningRate");
        }
        requireNotNegative(frontScale, "frontScale");
    }

    /** The metrics that decide about the course of the training. */
    public Set<Metric> monitored() {
        Set<Metric> metrics = EnumSet.noneOf(Metric.class);
        if (keepBest != null) {
            metrics.add(keepBest.monitor());
        }
        if (schedule instanceof LearningRateSchedule.ReduceOnPlateau plateau) {
            metrics.add(plateau.monitor());
        }
        return metrics;
    }

    /** Plain gradient descent on one example at a time, in the given order. */
    public static TrainingPlan classic(float learningRate) {
        return new TrainingPlan(
                DEFAULT_EPOCHS,
                1,
                false,
                false,
                1,
                new Optimizer.Sgd(),
                learningRate,
                new LearningRateSchedule.Constant(),
                LearningRateFactors.NONE,
                0,
                Regularization.NONE,
                null,
                0);
    }

    /** Adam with shuffled batches of 32. */
    public static TrainingPlan adam(float learningRate) {
        return classic(learningRate).withOptimizer(new Optimizer.Adam()).withBatches(32, true);
    }

    public TrainingPlan withEpochs(int epochs) {
        return with(copy -> copy.epochs = epochs);
    }

    public TrainingPlan withBatches(int batchSize, boolean shuffle) {
        return with(copy -> {
            copy.batchSize = batchSize;
            copy.shuffle = shuffle;
        });
    }

    public TrainingPlan withDropRemainder(boolean dropRemainder) {
        return with(copy -> copy.dropRemainder = dropRemainder);
    }

    public TrainingPlan withShards(int shards) {
        return with(copy -> copy.shards = shards);
    }

    public TrainingPlan withOptimizer(Optimizer optimizer) {
        return with(copy -> copy.optimizer = optimizer);
    }

    public TrainingPlan withLearningRate(float learningRate) {
        return with(copy -> copy.learningRate = learningRate);
    }

    public TrainingPlan withSchedule(LearningRateSchedule schedule) {
        return with(copy -> copy.schedule = schedule);
    }

    public TrainingPlan withLearningRateFactors(LearningRateFactors learningRateFactors) {
        return with(copy -> copy.learningRateFactors = learningRateFactors);
    }

    public TrainingPlan withFrontScale(float frontScale) {
        return with(copy -> copy.frontScale = frontScale);
    }

    public TrainingPlan withRegularization(Regularization regularization) {
        return with(copy -> copy.regularization = regularization);
    }

    public TrainingPlan withKeepBest(@Nullable KeepBest keepBest) {
        return with(copy -> copy.keepBest = keepBest);
    }

    public TrainingPlan withSeed(long seed) {
        return with(copy -> copy.seed = seed);
    }

    private TrainingPlan with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.toPlan();
    }

    /** The components of a plan, which can be changed one by one. */
    private static final class Copy {
        private int epochs;
        private int batchSize;
        private boolean shuffle;
        private boolean dropRemainder;
        private int shards;
        private Optimizer optimizer;
        private float learningRate;
        private LearningRateSchedule schedule;
        private LearningRateFactors learningRateFactors;
        private float frontScale;
        private Regularization regularization;
        private @Nullable KeepBest keepBest;
        private long seed;

        Copy(TrainingPlan plan) {
            epochs = plan.epochs;
            batchSize = plan.batchSize;
            shuffle = plan.shuffle;
            dropRemainder = plan.dropRemainder;
            shards = plan.shards;
            optimizer = plan.optimizer;
            learningRate = plan.learningRate;
            schedule = plan.schedule;
            learningRateFactors = plan.learningRateFactors;
            frontScale = plan.frontScale;
            regularization = plan.regularization;
            keepBest = plan.keepBest;
            seed = plan.seed;
        }

        TrainingPlan toPlan() {
            return new TrainingPlan(
                    epochs,
                    batchSize,
                    shuffle,
                    dropRemainder,
                    shards,
                    optimizer,
                    learningRate,
                    schedule,
                    learningRateFactors,
                    frontScale,
                    regularization,
                    keepBest,
                    seed);
        }
    }
}
