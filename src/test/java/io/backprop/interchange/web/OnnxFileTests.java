package io.backprop.interchange.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import io.backprop.interchange.onnx.OnnxExporter;
import io.backprop.interchange.onnx.OnnxModel;
import io.backprop.interchange.onnx.OnnxReader;
import io.backprop.interchange.onnx.OnnxWriter;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Models leave a service as ONNX files and return from them. */
class OnnxFileTests extends ServiceTestBase {

    private byte[] file(String id) throws Exception {
        return ModelFiles.download(port, "/models/" + id + "/onnx");
    }

    private JsonNode imported(byte[] file, String query) throws Exception {
        return json(ModelFiles.upload(port, "format=onnx" + query, file), 201);
    }

    private static JsonNode withoutCreation(JsonNode model) {
        return ((ObjectNode) model.deepCopy()).without("createdAt");
    }

    @Test
    void exportsAFileWithItsName() throws Exception {
        String id = create("\"hidden\": [3]");
        train(id, XOR + ", \"epochs\": 2");

        HttpResponse<byte[]> response = ModelFiles.get(port, "/models/" + id + "/onnx");

        assertThat(response.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(response.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"%s-1.onnx\"".formatted(id));
        OnnxModel model = OnnxReader.read(response.body());
        assertThat(model.modelVersion()).isEqualTo(1);
        assertThat(model.metadata()).containsEntry("id", id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"hiddenUnits\": [4]",
                "\"hidden\": [8, 3], \"tags\": {\"a\": \"b\"}",
                "\"hidden\": [5], \"ensemble\": 3, \"task\": \"classification\"",
                "\"hidden\": [4], \"scaling\": \"robust\"",
                "\"hidden\": [], \"loss\": \"poisson\""
            })
    void exportOfAnImportHasTheSameBytes(String fields) throws Exception {
        String id = create(fields);
        train(id, XOR + ", \"epochs\": 2");
        train(id, XOR + ", \"epochs\": 2");
        byte[] file = file(id);
        JsonNode model = model(id);
        JsonNode predictions = predict(id, "[[0, 1], [0.5, 7]]");

        delete("/models/" + id);
        JsonNode imported = imported(file, "");

        assertThat(withoutCreation(imported)).isEqualTo(withoutCreation(model));
        assertThat(file(id)).isEqualTo(file);
        assertThat(predict(id, "[[0, 1], [0.5, 7]]")).isEqualTo(predictions);
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "robust"})
    void restoresAModelOfATable(String scaling) throws Exception {
        String id = create(
                "\"hidden\": [8], \"ensemble\": {\"size\": 2, \"by\": \"fold\"}, \"calibrate\": true, \"description\":"
                        + " \"ä\", \"scaling\": \"%s\"".formatted(scaling));
        awaitEnd(send(request("/models/%s/train?target=species&epochs=3".formatted(id))
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofFile(Path.of("src/test/resources/data/penguins.csv")))));
        byte[] file = file(id);
        JsonNode model = model(id);

        delete("/models/" + id);
        JsonNode imported = imported(file, "");

        assertThat(withoutCreation(imported)).isEqualTo(withoutCreation(model));
        assertThat(file(id)).isEqualTo(file);
    }

    @Test
    void importContinuesTrainingWithTheSameBits() throws Exception {
        String id = create("\"hidden\": [5], \"learningRate\": 0.01");
        train(id, XOR + ", \"epochs\": 3");
        String copy = newId();

        imported(file(id), "&id=" + copy);
        train(id, XOR + ", \"epochs\": 4");
        train(copy, XOR + ", \"epochs\": 4");

        assertThat(get("/models/" + copy + "/parameters").body())
                .isEqualTo(get("/models/" + id + "/parameters").body());
    }

    @Test
    void importsOnlyTheGraphIfTheDescriptionContradictsIt() throws Exception {
        String id = create("\"hidden\": [5], \"standardize\": false");
        train(id, XOR + ", \"epochs\": 3");

        JsonNode imported = imported(withDescription(file(id), text -> text.replace("RELU", "TANH")), "");

        String other = imported.path("id").asString();
        assertThat(other).isNotEqualTo(id);
        assertThat(imported.path("epochs").asInt()).isZero();
        assertThat(imported.path("warnings").path(0).asString()).startsWith("the file was changed");
        assertThat(predict(other, "[[0, 1]]").path("predictions"))
                .isEqualTo(predict(id, "[[0, 1]]").path("predictions"));
    }

    @Test
    void rejectsAChangedModelOfATable() throws Exception {
        String id = create("\"hidden\": [3]");
        train(id, "\"rows\": [{\"a\": 1, \"b\": 2, \"c\": 3}, {\"a\": 2, \"b\": 1, \"c\": 5}], \"target\": \"c\"");

        byte[] changed = withDescription(file(id), text -> "null");

        assertThat(problem(ModelFiles.upload(port, "format=onnx", changed), 422, "invalid-model-file")
                        .path("detail")
                        .asString())
                .startsWith("the file was changed after it had been exported; its graph alone cannot be imported: ");
    }

    private static byte[] withDescription(byte[] file, UnaryOperator<String> change) {
        OnnxModel model = OnnxReader.read(file);
        Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
        metadata.computeIfPresent(OnnxExporter.DESCRIPTION, (key, description) -> change.apply(description));
        return OnnxWriter.write(new OnnxModel(
                model.irVersion(),
                model.producerName(),
                model.producerVersion(),
                model.modelVersion(),
                model.docString(),
                model.opsets(),
                model.graph(),
                metadata));
    }

    @Test
    void rejectsTheIdOfAnotherModel() throws Exception {
        String id = create("\"hidden\": [3]");
        train(id, XOR + ", \"epochs\": 2");

        problem(ModelFiles.upload(port, "format=onnx", file(id)), 409, "model-exists");
    }

    @Test
    void rejectsToExportAnUntrainedModel() {
        problem(get("/models/" + create("") + "/onnx"), 409, "model-not-trained");
    }

    @Test
    void rejectsWhatIsNoOnnxFile() throws Exception {
        problem(
                ModelFiles.upload(port, "format=onnx", "not ONNX".getBytes(StandardCharsets.UTF_8)),
                422,
                "invalid-model-file");
    }

    @Test
    void rejectsTruncatedFiles() throws Exception {
        String id = create("\"hidden\": [3]");
        train(id, XOR + ", \"epochs\": 2");
        byte[] file = file(id);

        for (int length = 1; length < file.length; length += 97) {
            problem(ModelFiles.upload(port, "format=onnx", Arrays.copyOf(file, length)), 422, "invalid-model-file");
        }
    }
}
