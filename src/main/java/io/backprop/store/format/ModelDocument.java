package io.backprop.store.format;

import io.backprop.engine.Initializer;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Description;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.TabularPreset;
import io.backprop.tabular.ScalingMethod;
import org.jspecify.annotations.Nullable;

/** What all versions of a model have in common. */
public record ModelDocument(
        int format,
        ModelSpec.Form form,
        Architecture described,
        @Nullable Initializer initializer,
        @Nullable Boolean standardize,
        ScalingMethod scaling,
        EnsembleSpec ensemble,
        boolean calibrate,
        TrainingPlan plan,
        @Nullable TabularPreset preset,
        Description description) {

    public static ModelDocument of(Model model) {
        ModelSpec spec = model.spec();
        return new ModelDocument(
                Documents.FORMAT,
                spec.form(),
                spec.described(),
                spec.initializer(),
                spec.standardize(),
                spec.scaling(),
                spec.ensemble(),
                spec.calibrate(),
                spec.plan(),
                spec.preset(),
                model.description());
    }

    /**
     * The description of one of the versions of the model.
     *
     * @param networks number of networks of the version; 0 in version 0
     */
    public ModelSpec toSpec(Architecture architecture, int networks) {
        return new ModelSpec(
                        form,
                        described,
                        architecture,
                        initializer,
                        standardize,
                        scaling,
                        ensemble,
                        calibrate,
                        plan,
                        preset)
                .withVersion(architecture, networks);
    }
}
