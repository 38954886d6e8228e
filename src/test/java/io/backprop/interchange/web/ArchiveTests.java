package io.backprop.interchange.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Models leave a service as archives and return from them. */
class ArchiveTests extends ServiceTestBase {

    private static final Path PENGUINS = Path.of("src/test/resources/data/penguins.csv");

    private byte[] archive(String id) throws Exception {
        return ModelFiles.download(port, "/models/" + id + "/export");
    }

    private JsonNode imported(byte[] archive, String query) throws Exception {
        return json(ModelFiles.upload(port, "format=backprop" + query, archive), 201);
    }

    private String trainOnTable(String fields, String options) throws Exception {
        String id = create(fields);
        awaitEnd(send(request("/models/%s/train?%s".formatted(id, options))
                .header("Content-Type", "text/csv")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofFile(PENGUINS))));
        return id;
    }

    private String predictTable(String id) throws Exception {
        return send(request("/models/%s/predict".formatted(id))
                        .header("Content-Type", "text/csv")
                        .header("Accept", "text/csv")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofFile(PENGUINS)))
                .body();
    }

    @Test
    void archiveHasDescriptionAndParameters() throws Exception {
        String id = create("\"hiddenUnits\": [4]");
        train(id, XOR + ", \"epochs\": 3");

        HttpResponse<byte[]> response = ModelFiles.get(port, "/models/" + id + "/export");

        assertThat(response.headers().firstValue("Content-Type")).contains("application/zip");
        assertThat(response.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"%s-1.zip\"".formatted(id));
        assertThat(response.headers().firstValue("ETag"))
                .isEqualTo(get("/models/" + id).headers().firstValue("ETag"));
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(response.body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
                byte[] content = zip.readAllBytes();
                if (entry.getName().equals("model.json")) {
                    assertThat(mapper.readTree(content).path("id").asString()).isEqualTo(id);
                } else {
                    assertThat(content.length % 8).isEqualTo(17 * 4 % 8); // the header is aligned
                    assertThat(new String(content, StandardCharsets.ISO_8859_1))
                            .contains(
                                    "\"networks.0.layers.0.weights\":{\"dtype\":\"F32\",\"shape\":[4,2],\"data_offsets\":[0,32]}");
                }
            }
        }
        assertThat(names).containsExactly("model.json", "parameters.safetensors");
    }

    @Test
    void unchangedModelIsNotSentAgain() throws Exception {
        String id = create("");
        String tag = header(get("/models/" + id), "ETag");

        HttpResponse<String> response = send(request("/models/" + id + "/export")
                .header("If-None-Match", tag)
                .GET());

        assertThat(response.statusCode()).isEqualTo(304);
    }

    @Test
    void exportOfAnImportHasTheSameBytes() throws Exception {
        String id = trainOnTable(
                "\"hidden\": [8], \"ensemble\": {\"size\": 3, \"by\": \"fold\"}, \"calibrate\": true, \"description\":"
                        + " \"ä\", \"tags\": {\"a\": \"b\"}",
                "target=species&epochs=3");
        train(id, "\"rows\": " + rows() + ", \"target\": \"species\", \"epochs\": 1");
        byte[] archive = archive(id);
        String predictions = predictTable(id);
        JsonNode model = model(id);

        delete("/models/" + id);
        JsonNode imported = imported(archive, "");

        assertThat(archive(id)).isEqualTo(archive);
        assertThat(predictTable(id)).isEqualTo(predictions);
        assertThat(imported).isEqualTo(model(id));
        assertThat(withoutCreation(imported)).isEqualTo(withoutCreation(model));
        assertThat(imported.path("version").asInt()).isEqualTo(2);
    }

    private static JsonNode withoutCreation(JsonNode model) {
        return ((ObjectNode) model.deepCopy()).without("createdAt");
    }

    private String rows() throws Exception {
        List<String> lines = Files.readAllLines(PENGUINS);
        String[] names = lines.get(0).split(",", -1);
        List<String> rows = new ArrayList<>();
        for (int line = 1; line < lines.size(); line += 20) {
            String[] cells = lines.get(line).split(",", -1);
            ObjectNode row = mapper.createObjectNode();
            for (int i = 0; i < names.length; i++) {
                row.put(names[i], cells[i]);
            }
            rows.add(row.toString());
        }
        return rows.toString();
    }

    @Test
    void importContinuesTrainingWithTheSameBits() throws Exception {
        String id = create("\"hidden\": [5], \"standardize\": true, \"learningRate\": 0.01");
        train(id, XOR + ", \"epochs\": 3");
        byte[] archive = archive(id);
        String copy = newId();

        imported(archive, "&id=" + copy);
        train(id, XOR + ", \"epochs\": 4");
        train(copy, XOR + ", \"epochs\": 4");

        assertThat(get("/models/" + copy + "/parameters").body())
                .isEqualTo(get("/models/" + id + "/parameters").body());
        assertThat(model(copy).path("version")).isEqualTo(model(id).path("version"));
    }

    @Test
    void earlierVersionCanBeExported() throws Exception {
        String id = create("");
        train(id, XOR + ", \"epochs\": 3");
        byte[] first = archive(id);
        train(id, XOR + ", \"epochs\": 3");

        assertThat(archive(id)).isNotEqualTo(first);
        assertThat(ModelFiles.download(port, "/models/" + id + "/export?version=1"))
                .isEqualTo(first);
        problem(get("/models/" + id + "/export?version=9"), 404, "version-not-found");
    }

    @Test
    void untrainedModelHasAnArchiveWithoutParameters() throws Exception {
        String id = create("\"hidden\": [4], \"seed\": 5");
        String copy = newId();

        JsonNode imported = imported(archive(id), "&id=" + copy);
        train(id, XOR + ", \"epochs\": 2");
        train(copy, XOR + ", \"epochs\": 2");

        assertThat(imported.path("state").asString()).isEqualTo("created");
        assertThat(get("/models/" + copy + "/parameters").body())
                .isEqualTo(get("/models/" + id + "/parameters").body());
    }

    @Test
    void createsTheModelOfAnArchive() throws Exception {
        byte[] archive = archive(create(""));
        String id = newId();

        HttpResponse<String> response = ModelFiles.upload(port, "format=backprop&id=" + id, archive);

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(header(response, "Location")).isEqualTo("/models/" + id);
        assertThat(header(response, "ETag")).isEqualTo(header(get("/models/" + id), "ETag"));
        problem(ModelFiles.upload(port, "format=backprop&id=" + id, archive), 409, "model-exists");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "a/b", ""})
    void rejectsInvalidId(String id) throws Exception {
        problem(ModelFiles.upload(port, "format=backprop&id=" + id, archive(create(""))), 422, "invalid-field");
    }

    @Test
    void rejectsUnknownFormat() throws Exception {
        JsonNode problem = problem(
                ModelFiles.upload(port, "format=onyx", "application/zip", new byte[1]), 400, "unreadable-parameter");

        assertThat(problem.path("detail").asString()).startsWith("format must be");
    }

    @Test
    void requiresTheFormatOfAFile() throws Exception {
        problem(ModelFiles.upload(port, "", "application/zip", new byte[1]), 415, "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "application/x-www-form-urlencoded", "text/csv", "application/octet-stream"})
    void rejectsOtherTypes(String type) throws Exception {
        JsonNode problem = problem(
                ModelFiles.upload(port, "format=backprop", type, "{}".getBytes(StandardCharsets.UTF_8)),
                415,
                "unsupported-media-type");

        assertThat(problem.path("detail").asString()).contains("application/zip");
    }

    @Test
    void rejectsEmptyBody() throws Exception {
        problem(ModelFiles.upload(port, "format=backprop", new byte[0]), 400, "unreadable-body");
    }
}
