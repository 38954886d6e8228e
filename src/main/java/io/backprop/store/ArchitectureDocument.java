package io.backprop.store;

import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.model.Architecture;
import io.backprop.model.OutputSpec;
import io.backprop.model.Task;
import io.backprop.tabular.LabelEncoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An architecture but for its hidden layers, as it is stored. */
record ArchitectureDocument(
        @Nullable Integer inputs,
        @Nullable Integer outputs,
        @Nullable String task,
        @Nullable String outputActivation,
        @Nullable String loss,
        @Nullable List<String> labels,
        PreprocessingDocument preprocessing) {

    static ArchitectureDocument of(Architecture architecture) {
        OutputSpec output = architecture.outputLayer();
        return new ArchitectureDocument(
                architecture.inputs(),
                architecture.outputs(),
                Documents.optionalNameOf(output.task()),
                Documents.optionalNameOf(output.activation()),
                Documents.optionalNameOf(output.loss()),
                architecture.labels() == null ? null : architecture.labels().labels(),
                PreprocessingDocument.of(architecture.preprocessing()));
    }

    Architecture toArchitecture(List<LayerSpec> hidden) {
        OutputSpec output = new OutputSpec(
                task == null ? null : Documents.valueOf(Task.class, task),
                outputActivation == null ? null : Documents.valueOf(Activation.class, outputActivation),
                loss == null ? null : Documents.valueOf(Loss.class, loss));
        return new Architecture(
                inputs,
                hidden,
                outputs,
                output,
                labels == null ? null : new LabelEncoding(labels),
                preprocessing.toPreprocessing());
    }
}
