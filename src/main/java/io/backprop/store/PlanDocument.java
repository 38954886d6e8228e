package io.backprop.store;

import io.backprop.engine.Regularization;
import io.backprop.engine.TrainingPlan;
import org.jspecify.annotations.Nullable;

/**
 * How a model is trained unless a training says otherwise, or how a training is done, as it is stored.
 *
 * @param clipNorm null for none
 */
record PlanDocument(
        int batchSize,
        boolean shuffle,
        OptimizerDocument optimizer,
        float learningRate,
        ScheduleDocument schedule,
        float l1,
        float l2,
        @Nullable Float clipNorm,
        long seed) {

    static PlanDocument of(TrainingPlan plan) {
        Regularization regularization = plan.regularization();
        return new PlanDocument(
                plan.batchSize(),
                plan.shuffle(),
                OptimizerDocument.of(plan.optimizer()),
                plan.learningRate(),
                ScheduleDocument.of(plan.schedule()),
                regularization.l1(),
                regularization.l2(),
                Float.isInfinite(regularization.clipNorm()) ? null : regularization.clipNorm(),
                plan.seed());
    }

    TrainingPlan toPlan() {
        return new TrainingPlan(
                TrainingPlan.DEFAULT_EPOCHS,
                batchSize,
                shuffle,
                optimizer.toOptimizer(),
                learningRate,
                schedule.toSchedule(),
                new Regularization(l1, l2, clipNorm == null ? Float.POSITIVE_INFINITY : clipNorm),
                null,
                seed);
    }
}
