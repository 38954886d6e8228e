package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;
import static io.backprop.engine.InvalidArgumentException.requireNotNegative;
import static io.backprop.engine.InvalidArgumentException.requirePositive;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hyper-parameters of a training.
 *
 * @param epochs at least 1; default 100
 * @param batchSize examples per step, at least 1; the last step of an epoch may have fewer
 * @param shuffle whether each epoch uses a new random order of the examples
 * @param dropRemainder whether the last step of an epoch is left out if it has fewer examples; with shuffling, other examples
 *     in each epoch
 * @param learningRate initial learning rate of the schedule, greater than 0; at least 0 for a schedule with a warm-up
 * @param keepBest null to complete all epochs and keep the last parameters
 * @param seed seed of the order of examples and of dropout
 */
public record TrainingPlan(
        int epochs,
        int batchSize,
        boolean shuffle,
        boolean dropRemainder,
        Optimizer optimizer,
        float learningRate,
        LearningRateSchedule schedule,
        LearningRateFactors learningRateFactors,
        Regularization regularization,
        @Nullable KeepBest keepBest,
        long seed) {

    public static final int DEFAULT_EPOCHS = 100;

    public TrainingPlan {
        requireAtLeast(1, epochs, "epochs");
        requireAtLeast(1, batchSize, "batchSize");
        if (schedule.warmsUp()) {
            requireNotNegative(learningRate, "learningRate");
        } else {
            requirePositive(learningRate, "learningRate");
        }
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
                new Optimizer.Sgd(),
                learningRate,
                new LearningRateSchedule.Constant(),
                LearningRateFactors.NONE,
                Regularization.NONE,
                null,
                0);
    }

    /** Adam with shuffled batches of 32. */
    public static TrainingPlan adam(float learningRate) {
        return classic(learningRate).withOptimizer(new Optimizer.Adam()).withBatches(32, true);
    }

    public TrainingPlan withEpochs(int epochs) {
        return new TrainingPlan(
                epochs,
                batchSize,
                shuffle,
                dropRemainder,
                optimizer,
                learningRate,
                schedule,
                learningRateFactors,
                regularization,
                keepBest,
                seed);
    }

    public TrainingPlan withBatches(int batchSize, boolean shuffle) {
        return new TrainingPlan(
                epochs,
                batchSize,
                shuffle,
                dropRemainder,
                optimizer,
                learningRate,
                schedule,
                learningRateFactors,
                regularization,
                keepBest,
                seed);
    }

    public TrainingPlan withDropRemainder(boolean dropRemainder) {
        return new TrainingPlan(
                epochs,
                batchSize,
                shuffle,
                dropRemainder,
                optimizer,
                learningRate,
                schedule,
                learningRateFactors,
                regularization,
                keepBest,
                seed);
    }

    public TrainingPlan withLearningRateFactors(LearningRateFactors learningRateFactors) {
        return new TrainingPlan(
                epochs,
                batchSize,
                shuffle,
                dropRemainder,
                optimizer,
                learningRate,
                schedule,
                learningRateFactors,
                regularization,
                keepBest,
                seed);
    }

    public TrainingPlan withOptimizer(Optimizer optimizer) {
        return new TrainingPlan(
                epochs,
                batchSize,
                shuffle,
                dropRemainder,
                optimizer,
                learningRate,
                schedule,
                learningRateFactors,
                regularization,
                keepBest,
                seed);
    }

    public TrainingPlan withSchedule(LearningRateSchedule schedule) {
        return new TrainingPlan(
                epochs,
                batchSize,
                shuffle,
                dropRemainder,
                optimizer,
                learningRate,
                schedule,
                learningRateFactors,
                regularization,
                keepBest,
                seed);
    }

    public TrainingPlan withRegularization(Regularization regularization) {
        return new TrainingPlan(
                epochs,
                batchSize,
                shuffle,
                dropRemainder,
                optimizer,
                learningRate,
                schedule,
                learningRateFactors,
                regularization,
                keepBest,
                seed);
    }

    public TrainingPlan withKeepBest(KeepBest keepBest) {
        return new TrainingPlan(
                epochs,
                batchSize,
                shuffle,
                dropRemainder,
                optimizer,
                learningRate,
                schedule,
                learningRateFactors,
                regularization,
                keepBest,
                seed);
    }

    public TrainingPlan withSeed(long seed) {
        return new TrainingPlan(
                epochs,
                batchSize,
                shuffle,
                dropRemainder,
                optimizer,
                learningRate,
                schedule,
                learningRateFactors,
                regularization,
                keepBest,
                seed);
    }
}
