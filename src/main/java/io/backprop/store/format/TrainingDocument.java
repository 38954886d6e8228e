package io.backprop.store.format;

import io.backprop.engine.TrainingData;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.tabular.FitOptions;
import io.backprop.training.ExternalTraining;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.TrainingSettings;
import io.backprop.training.TrainingStart;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A training without its data.
 *
 * @param architecture with everything found from the data, once it is prepared
 * @param fresh whether the training starts with fresh parameters instead of the model's
 * @param external null unless drivers work on the training
 */
public record TrainingDocument(
        int format,
        Architecture architecture,
        boolean fresh,
        TrainingSettings settings,
        @Nullable ExternalDocument external) {

    /**
     * What else is stored of a training of drivers.
     *
     * @param spec of the model, with the options of the request
     * @param fit null until the training is prepared
     */
    public record ExternalDocument(ModelSpec spec, FitOptions options, ExternalTraining.@Nullable Fit fit) {}

    public static TrainingDocument of(PreparedTraining prepared) {
        return new TrainingDocument(
                Documents.FORMAT, prepared.architecture(), prepared.fresh(), prepared.settings(), null);
    }

    public static TrainingDocument of(ExternalTraining training) {
        return new TrainingDocument(
                Documents.FORMAT,
                training.architecture(),
                training.fresh(),
                training.settings(),
                new ExternalDocument(training.spec(), training.options(), training.fit()));
    }

    /** Restores a training of drivers. */
    public ExternalTraining toExternal(Training training) {
        ExternalDocument stored = Objects.requireNonNull(external);
        return new ExternalTraining(
                stored.spec,
                architecture,
                fresh,
                settings,
                stored.options,
                stored.fit,
                training.examples(),
                training.warnings());
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
