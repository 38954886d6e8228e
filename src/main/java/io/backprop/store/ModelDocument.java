package io.backprop.store;

import static io.backprop.store.Documents.nameOf;

import io.backprop.engine.Activation;
import io.backprop.engine.Initializer;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputLayer;
import io.backprop.model.Task;
import io.backprop.tabular.LabelEncoding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a model is but for its parameters, as it is stored. Values of enumerations stand by their names in
 * lower case.
 *
 * @param format 2, 1 had no preprocessing; another one as soon as a field is added, removed, or means something else
 */
record ModelDocument(
        int format,
        @Nullable Integer inputs,
        List<Layer> hidden,
        @Nullable Integer outputs,
        @Nullable String task,
        @Nullable String outputActivation,
        @Nullable String loss,
        @Nullable List<String> labels,
        PreprocessingDocument preprocessing,
        @Nullable String initializer,
        PlanDocument plan,
        long epochs,
        @Nullable Map<String, @Nullable Double> metrics,
        @Nullable Instant trainedAt) {

    static final int FORMAT = 2;

    record Layer(int units, String activation, float dropout) {}

    static ModelDocument of(Model model) {
        return of(model, model.spec());
    }

    /** As if the model were of the given specification. */
    static ModelDocument of(Model model, ModelSpec spec) {
        Architecture architecture = spec.architecture();
        OutputLayer output = architecture.outputLayer();
        return new ModelDocument(
                FORMAT,
                architecture.inputs(),
                architecture.hidden().stream()
                        .map(layer -> new Layer(layer.units(), nameOf(layer.activation()), layer.dropout()))
                        .toList(),
                architecture.outputs(),
                optionalNameOf(output.task()),
                optionalNameOf(output.activation()),
                optionalNameOf(output.loss()),
                architecture.labels() == null ? null : architecture.labels().labels(),
                PreprocessingDocument.of(architecture.preprocessing()),
                optionalNameOf(spec.initializer()),
                PlanDocument.of(spec.plan()),
                model.epochs(),
                model.metrics(),
                model.trainedAt());
    }

    ModelSpec toSpec() {
        OutputLayer output = new OutputLayer(
                task == null ? null : Documents.valueOf(Task.class, task),
                outputActivation == null ? null : Documents.valueOf(Activation.class, outputActivation),
                loss == null ? null : Documents.valueOf(Loss.class, loss));
        List<LayerSpec> layers = hidden.stream()
                .map(layer -> new LayerSpec(
                        layer.units(), Documents.valueOf(Activation.class, layer.activation()), layer.dropout()))
                .toList();
        return new ModelSpec(
                new Architecture(
                        inputs,
                        layers,
                        outputs,
                        output,
                        labels == null ? null : new LabelEncoding(labels),
                        preprocessing.toPreprocessing()),
                initializer == null ? null : Documents.valueOf(Initializer.class, initializer),
                plan.toPlan());
    }

    private static @Nullable String optionalNameOf(@Nullable Enum<?> value) {
        return value == null ? null : nameOf(value);
    }
}
