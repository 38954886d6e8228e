package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.GraphFixture.ML;
import static io.backprop.interchange.onnx.GraphFixture.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Uses models that other programs made. */
class OnnxImportServiceTests extends ServiceTestBase {

    private static final OnnxAttribute.OfStrings NAMES = new OnnxAttribute.OfStrings(List.of("no", "yes"));

    /** XOR by two units, exactly as its formula says: p = σ(8·relu(x₀ + x₁) − 16·relu(x₀ + x₁ − 1) − 4). */
    private static GraphFixture xor() {
        return new GraphFixture()
                .opset(ML, 3)
                .input("x", 2)
                .floats("w", List.of(2L, 2L), 1, 1, 1, 1)
                .floats("b", List.of(2L), 0, -1)
                .floats("v", List.of(2L, 1L), 8, -16)
                .floats("c", List.of(1L), -4)
                .floats("one", List.of(), 1)
                .node("Gemm", attribute("transB", 1), "x w b", "z")
                .node("Relu", "z", "h")
                .node("Gemm", "h v c", "y")
                .node("Sigmoid", "y", "p")
                .node("Sub", "one p", "q")
                .node("Concat", attribute("axis", 1), "q p", "probabilities")
                .node(ML, "ZipMap", Map.of("classlabels_strings", NAMES), "probabilities", "output_probability")
                .output("output_probability", ElementType.UNDEFINED);
    }

    private HttpResponse<String> upload(String id, byte[] file) {
        return send(request("/models?format=onnx&id=" + id)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(file)));
    }

    @Test
    void predictsEvaluatesAndTrainsFurther() {
        String id = newId();
        JsonNode model = json(upload(id, xor().bytes()), 201);
        assertThat(model.get("state").asString()).isEqualTo("trained");
        assertThat(model.get("classes").toString()).isEqualTo("[\"no\",\"yes\"]");
        assertThat(model.get("optimizer").get("type").asString()).isEqualTo("adam");
        assertThat(model.get("warnings").toString()).contains("does not say how its network was trained");

        JsonNode prediction =
                json(post("/models/" + id + "/predict", "{\"inputs\": [[0, 0], [0, 1], [1, 0], [1, 1]]}"), 200);
        assertThat(prediction.get("labels").toString()).isEqualTo("[\"no\",\"yes\",\"yes\",\"no\"]");
        assertThat(prediction.get("predictions").get(1).get(1).asDouble())
                .isCloseTo(1 / (1 + Math.exp(-4)), within(1e-6));

        String labelled =
                "\"inputs\": [[0, 0], [0, 1], [1, 0], [1, 1]], \"targets\": [\"no\", \"yes\", \"yes\", \"no\"]";
        JsonNode evaluation = json(post("/models/" + id + "/evaluate", "{" + labelled + "}"), 200);
        assertThat(evaluation.get("metrics").get("accuracy").asDouble()).isEqualTo(1);

        JsonNode training = train(id, labelled + ", \"epochs\": 50, \"learningRate\": 0.01");
        assertThat(training.get("state").asString()).isEqualTo("succeeded");
        JsonNode again = json(post("/models/" + id + "/evaluate", "{" + labelled + "}"), 200);
        assertThat(again.get("loss").asDouble())
                .isLessThan(evaluation.get("loss").asDouble());
        assertThat(again.get("version").asLong()).isEqualTo(2);
    }

    @Test
    void rejectsWhatIsNoChainOfLayers() {
        GraphFixture graph = new GraphFixture()
                .input("image", 3, 8, 8)
                .weights("kernel", 4, 3, 2, 2)
                .node("Conv", "image kernel", "y")
                .output("y", 4, 7, 7);
        JsonNode problem = problem(upload(newId(), graph.bytes()), 422, "invalid-model-file");
        assertThat(problem.get("detail").asString())
                .isEqualTo("operator Conv (node \"node_y\") is not supported; a model is a chain of dense layers");
    }

    @Test
    void rejectsModelsOverTheLimits() {
        GraphFixture graph = new GraphFixture()
                .input("x", 1)
                .weights("w", 1, 10_000)
                .node("MatMul", "x w", "y")
                .output("y", 10_000);
        HttpResponse<String> response = upload(newId(), graph.bytes());
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("a layer may have at most 8192 units, but this one would have 10000");
    }
}
