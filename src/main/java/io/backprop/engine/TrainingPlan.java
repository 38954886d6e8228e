package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;
import static io.backprop.engine.InvalidArgumentException.requirePositive;

import org.jspecify.annotations.Nullable;

/**
 * How a training goes.
 *
 * @param batchSize examples per step; the last step of an epoch takes what is left
 * @param shuffle whether each epoch takes the examples in a new random order
 * @param learningRate what the schedule starts with
 * @param earlyStopping absent: all epochs are run, and the last parameters are the result
 * @param seed of everything random: order, dropout
 */
public record TrainingPlan(
        int epochs,
        int batchSize,
        boolean shuffle,
        Optimizer optimizer,
        float learningRate,
        LearningRateSchedule schedule,
        Regularization regularization,
        @Nullable EarlyStopping earlyStopping,
        long seed) {

    public static final int DEFAULT_EPOCHS = 100;

    public TrainingPlan {
        requireAtLeast(1, epochs, "epochs");
        requireAtLeast(1, batchSize, "batchSize");
        requirePositive(learningRate, "learningRate");
    }

    /** The article's training: plain gradient descent, one example at a time, in the order given. */
    public static TrainingPlan classic(float learningRate) {
        return new TrainingPlan(
                DEFAULT_EPOCHS,
                1,
                false,
                new Optimizer.Sgd(),
                learningRate,
                new LearningRateSchedule.Constant(),
                Regularization.NONE,
                null,
                0);
    }

    /** A training as is customary today: Adam, shuffled batches of 32. */
    public static TrainingPlan adam(float learningRate) {
        return classic(learningRate).withOptimizer(new Optimizer.Adam()).withBatches(32, true);
    }

    public TrainingPlan withEpochs(int epochs) {
        return new TrainingPlan(
                epochs, batchSize, shuffle, optimizer, learningRate, schedule, regularization, earlyStopping, seed);
    }

    public TrainingPlan withBatches(int batchSize, boolean shuffle) {
        return new TrainingPlan(
                epochs, batchSize, shuffle, optimizer, learningRate, schedule, regularization, earlyStopping, seed);
    }

    public TrainingPlan withOptimizer(Optimizer optimizer) {
        return new TrainingPlan(
                epochs, batchSize, shuffle, optimizer, learningRate, schedule, regularization, earlyStopping, seed);
    }

    public TrainingPlan withSchedule(LearningRateSchedule schedule) {
        return new TrainingPlan(
                epochs, batchSize, shuffle, optimizer, learningRate, schedule, regularization, earlyStopping, seed);
    }

    public TrainingPlan withRegularization(Regularization regularization) {
        return new TrainingPlan(
                epochs, batchSize, shuffle, optimizer, learningRate, schedule, regularization, earlyStopping, seed);
    }

    public TrainingPlan withEarlyStopping(EarlyStopping earlyStopping) {
        return new TrainingPlan(
                epochs, batchSize, shuffle, optimizer, learningRate, schedule, regularization, earlyStopping, seed);
    }

    public TrainingPlan withSeed(long seed) {
        return new TrainingPlan(
                epochs, batchSize, shuffle, optimizer, learningRate, schedule, regularization, earlyStopping, seed);
    }
}
