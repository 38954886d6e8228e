package io.backprop.store.format;

import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.training.PreparedTraining;
import java.time.Duration;
import java.util.List;

/**
 * A prepared training without its data.
 *
 * @param architecture with everything found from the data
 * @param fresh whether the training starts with fresh parameters instead of the model's
 * @param folds of a cross-validation; 0 for a training
 */
public record TrainingDocument(
        int format, Architecture architecture, TrainingPlan plan, boolean fresh, Duration timeLimit, int folds) {

    public static TrainingDocument of(PreparedTraining prepared) {
        return new TrainingDocument(
                Documents.FORMAT,
                prepared.architecture(),
                prepared.plan(),
                prepared.fresh(),
                prepared.timeLimit(),
                prepared.folds());
    }

    /**
     * Restores the prepared training.
     *
     * @param model as it was when the training was prepared; no other change is possible meanwhile
     */
    public PreparedTraining toPrepared(Model model, TrainingData data) {
        return new PreparedTraining(model, architecture, fresh, plan, data, timeLimit, folds, List.of());
    }
}
