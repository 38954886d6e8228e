package io.backprop.store.format;

import io.backprop.engine.TrainingData;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.training.PreparedTraining;
import io.backprop.training.TrainingSettings;
import io.backprop.training.TrainingStart;
import java.util.List;

/**
 * A prepared training without its data.
 *
 * @param architecture with everything found from the data
 * @param fresh whether the training starts with fresh parameters instead of the model's
 */
public record TrainingDocument(int format, Architecture architecture, boolean fresh, TrainingSettings settings) {

    public static TrainingDocument of(PreparedTraining prepared) {
        return new TrainingDocument(Documents.FORMAT, prepared.architecture(), prepared.fresh(), prepared.settings());
    }

    /**
     * Restores what the training starts from.
     *
     * @param model as it was when the training was prepared
     */
    public TrainingStart toStart(Model model) {
        return new TrainingStart(model.withNetworks(settings.ensemble()), architecture, fresh);
    }

    /**
     * Restores the prepared training.
     *
     * @param model as it was when the training was prepared; no other change is possible meanwhile
     */
    public PreparedTraining toPrepared(Model model, TrainingData data) {
        return new PreparedTraining(
                model.withNetworks(settings.ensemble()), architecture, fresh, settings, data, List.of());
    }
}
