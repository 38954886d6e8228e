package io.backprop.interchange;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Network;
import io.backprop.interchange.onnx.Exports;
import io.backprop.interchange.onnx.OnnxGraph;
import io.backprop.interchange.onnx.OnnxModel;
import io.backprop.interchange.onnx.OnnxReader;
import io.backprop.interchange.onnx.OnnxWriter;
import io.backprop.model.Model;
import io.backprop.model.Task;
import io.backprop.store.Descriptions;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TargetUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxFilesTests {

    private final OnnxFiles files = new OnnxFiles(Descriptions.json());

    static List<Model> models() {
        NumberRange range = new NumberRange(0, 1, 2);
        Columns columns = new Columns(
                List.of(
                        new Feature.Numeric("size", new ColumnScaling(1, 0.3), range, false),
                        new Feature.Categorical("label", List.of("red", "\u20AC"), true),
                        new Feature.Numeric("sold", new ColumnScaling(19_000, 700), range, true)),
                "y",
                TargetUnit.NUMBER,
                Scaling.NONE,
                new CellFormat(List.of("-999", "?"), true, null));
        Scaling scaling = new Scaling(List.of(new ColumnScaling(3, 2)));
        Loss crossentropy = new Loss.CategoricalCrossentropy();
        return List.of(
                Exports.model(Activation.GELU, Activation.LINEAR, new Loss.Huber(2), 2),
                Exports.model(Activation.SELU, Activation.SIGMOID, new Loss.BinaryCrossentropy(), 3),
                model(
                        Task.REGRESSION,
                        Activation.LINEAR,
                        new Loss.MeanSquaredError(),
                        1,
                        new Preprocessing.Standardized(scaling, scaling),
                        1,
                        1),
                model(Task.CLASSIFICATION, Activation.SOFTMAX, crossentropy, 2, columns, 3, 1.7));
    }

    private static Model model(
            Task task,
            Activation output,
            Loss loss,
            int outputs,
            Preprocessing preprocessing,
            int networks,
            double temperature) {
        return Exports.model(
                Exports.architecture(
                        task,
                        preprocessing instanceof Columns columns ? columns.width() : 1,
                        List.of(new LayerSpec(3, Activation.RELU, 0.1f)),
                        output,
                        loss,
                        outputs,
                        task == Task.CLASSIFICATION ? new ClassEncoding(List.of("no", "yes")) : null,
                        preprocessing),
                networks,
                temperature);
    }

    @ParameterizedTest
    @MethodSource("models")
    void restoresExportedModels(Model model) {
        byte[] bytes = OnnxWriter.write(files.export(model));

        Model restored = files.restore(OnnxReader.read(bytes), bytes).orElseThrow();

        assertThat(restored.spec()).isEqualTo(model.spec());
        assertThat(restored)
                .usingRecursiveComparison()
                .ignoringFields("ensemble", "createdAt", "spec")
                .isEqualTo(model);
        assertThat(requireNonNull(restored.ensemble()).temperature())
                .isEqualTo(requireNonNull(model.ensemble()).temperature());
        assertThat(restored.ensemble().networks())
                .extracting(Network::parameterVector)
                .isEqualTo(model.ensemble().networks().stream()
                        .map(Network::parameterVector)
                        .toList());
        assertThat(OnnxWriter.write(files.export(restored))).isEqualTo(bytes);
    }

    @Test
    void restoresNothingIfTheGraphWasChanged() {
        OnnxModel exported = files.export(models().get(0));
        OnnxGraph graph = exported.graph();
        OnnxGraph changed =
                new OnnxGraph("other", graph.nodes(), graph.initializers(), graph.inputs(), graph.outputs());
        OnnxGraph shortened = new OnnxGraph(
                graph.name(), graph.nodes().subList(0, 1), graph.initializers(), graph.inputs(), graph.outputs());

        assertNotRestored(with(exported, changed, exported.metadata()));
        assertNotRestored(with(exported, shortened, exported.metadata()));
    }

    @Test
    void restoresNothingIfTheDescriptionIsOfAnotherModel() {
        OnnxModel exported = files.export(models().get(0));
        for (Model other : models().subList(1, 4)) {
            assertNotRestored(
                    with(exported, exported.graph(), files.export(other).metadata()));
        }
    }

    @Test
    void restoresNothingWithoutAValidDescription() {
        OnnxModel exported = files.export(models().get(0));
        Map<String, String> damaged = new HashMap<>(exported.metadata());
        damaged.put("backprop", "{");

        assertNotRestored(with(exported, exported.graph(), Map.of()));
        assertNotRestored(with(exported, exported.graph(), damaged));
    }

    private static OnnxModel with(OnnxModel model, OnnxGraph graph, Map<String, String> metadata) {
        return new OnnxModel(
                model.irVersion(),
                model.producerName(),
                model.producerVersion(),
                model.modelVersion(),
                model.docString(),
                model.opsets(),
                graph,
                metadata);
    }

    private void assertNotRestored(OnnxModel changed) {
        byte[] bytes = OnnxWriter.write(changed);
        assertThat(files.restore(OnnxReader.read(bytes), bytes)).isEmpty();
    }
}
