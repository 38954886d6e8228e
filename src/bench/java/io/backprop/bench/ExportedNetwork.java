package io.backprop.bench;

import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TrainingPlan;
import io.backprop.interchange.onnx.ElementType;
import io.backprop.interchange.onnx.OnnxExporter;
import io.backprop.interchange.onnx.OnnxGraph;
import io.backprop.interchange.onnx.OnnxModel;
import io.backprop.interchange.onnx.OnnxNode;
import io.backprop.interchange.onnx.OnnxWriter;
import io.backprop.model.Architecture;
import io.backprop.model.Description;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputSpec;
import io.backprop.model.Task;
import io.backprop.tabular.Preprocessing;
import java.time.Instant;
import java.util.List;

/**
 * A network with softmax outputs as an ONNX file: the export of a classifier, without the labels, which an engine does not
 * compute either.
 */
final class ExportedNetwork {

    private ExportedNetwork() {}

    static byte[] of(Network network) {
        OnnxModel exported = OnnxExporter.export(model(network), "");
        OnnxGraph graph = exported.graph();
        List<OnnxNode> nodes = graph.nodes();
        int last = 0;
        while (!nodes.get(last).outputs().contains(OnnxExporter.PROBABILITIES)) {
            last++;
        }
        return OnnxWriter.write(new OnnxModel(
                exported.irVersion(),
                exported.producerName(),
                exported.producerVersion(),
                exported.modelVersion(),
                exported.docString(),
                exported.opsets(),
                new OnnxGraph(
                        graph.name(),
                        nodes.subList(0, last + 1),
                        graph.initializers().stream()
                                .filter(tensor -> tensor.elementType() == ElementType.FLOAT)
                                .toList(),
                        graph.inputs(),
                        graph.outputs().subList(0, 1)),
                exported.metadata()));
    }

    private static Model model(Network network) {
        NetworkSpec spec = network.spec();
        LayerSpec output = spec.outputLayer();
        Architecture architecture = new Architecture(
                spec.inputs(),
                spec.layers().subList(0, spec.layers().size() - 1),
                spec.outputs(),
                new OutputSpec(Task.CLASSIFICATION, output.activation(), spec.loss(), 0, false),
                null,
                Preprocessing.NONE);
        return new Model(
                "network",
                new ModelSpec(ModelSpec.Form.LAYERS, architecture, null, null, TrainingPlan.adam(0.001f)),
                Description.NONE,
                0,
                Ensemble.of(network),
                1,
                1,
                false,
                null,
                null,
                List.of(),
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
