package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.GraphFixture.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OnnxImporterTests {

    @Test
    void readsGemm() {
        GraphFixture graph = new GraphFixture()
                .input("input", 3)
                .weights("0.weight", 4, 3)
                .weights("0.bias", 4)
                .weights("2.weight", 2, 4)
                .weights("2.bias", 2)
                .node("Gemm", attribute("transB", 1), "input 0.weight 0.bias", "/0/Gemm_output_0")
                .node("Relu", "/0/Gemm_output_0", "/1/Relu_output_0")
                .node("Gemm", attribute("transB", 1), "/1/Relu_output_0 2.weight 2.bias", "output")
                .output("output", 2);
        ImportedModel model = Imports.read(graph);
        assertThat(model.ensemble().networks().get(0).layers().get(0).weights())
                .isEqualTo(io.backprop.engine.Matrix.wrap(
                        4, 3, graph.initializer("0.weight").floats()));
        Imports.assertSamePredictions(model, graph.bytes());
    }
}
