package io.backprop.store;

import io.backprop.engine.Activation;
import io.backprop.engine.Initializer;
import io.backprop.engine.LayerSpec;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a model is but for its parameters, as it is stored. Values of enumerations stand by their names in
 * lower case.
 *
 * @param format 3, 1 had no preprocessing, 2 did not tell what was described from what was found; another one as soon as a
 *     field is added, removed, or means something else
 * @param described as the client said it
 * @param architecture with what was found from data
 */
record ModelDocument(
        int format,
        List<Layer> hidden,
        ArchitectureDocument described,
        ArchitectureDocument architecture,
        @Nullable String initializer,
        PlanDocument plan,
        long epochs,
        @Nullable Map<String, @Nullable Double> metrics,
        @Nullable Instant trainedAt) {

    static final int FORMAT = 3;

    record Layer(int units, String activation, float dropout) {}

    static ModelDocument of(Model model) {
        return of(model, model.spec());
    }

    /** As if the model were of the given specification. */
    static ModelDocument of(Model model, ModelSpec spec) {
        return new ModelDocument(
                FORMAT,
                spec.architecture().hidden().stream()
                        .map(layer -> new Layer(layer.units(), Documents.nameOf(layer.activation()), layer.dropout()))
                        .toList(),
                ArchitectureDocument.of(spec.described()),
                ArchitectureDocument.of(spec.architecture()),
                Documents.optionalNameOf(spec.initializer()),
                PlanDocument.of(spec.plan()),
                model.epochs(),
                model.metrics(),
                model.trainedAt());
    }

    ModelSpec toSpec() {
        List<LayerSpec> layers = hidden.stream()
                .map(layer -> new LayerSpec(
                        layer.units(), Documents.valueOf(Activation.class, layer.activation()), layer.dropout()))
                .toList();
        return new ModelSpec(
                described.toArchitecture(layers),
                architecture.toArchitecture(layers),
                initializer == null ? null : Documents.valueOf(Initializer.class, initializer),
                plan.toPlan());
    }
}
