package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the protocol says about the service and its models. */
class MetadataTests extends ServiceTestBase {

    private final InferenceContract contract = InferenceContract.read();

    private JsonNode metadata(String path) {
        JsonNode metadata = json(get(path), 200);
        contract.assertValid("metadata_model_response", metadata);
        return metadata;
    }

    private String trainTable(String csv, String query) {
        String id = create("\"hidden\": []");
        assertThat(awaitEnd(send(request("/models/" + id + "/train?epochs=1&" + query)
                                .header("Content-Type", "text/csv")
                                .POST(BodyPublishers.ofString(csv))))
                        .path("state")
                        .asString())
                .isEqualTo("succeeded");
        return id;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2", "/v2/"})
    void describesTheService(String path) {
        HttpResponse<String> response = get(path);

        JsonNode metadata = json(response, 200);
        contract.assertValid("metadata_server_response", metadata);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(metadata.path("name").asString()).isEqualTo("backprop");
        assertThat(metadata.path("version").asString())
                .isEqualTo(json(get("/v3/api-docs"), 200).at("/info/version").asString());
        assertThat(metadata.path("extensions").toString())
                .isEqualTo("[\"model_repository\",\"statistics\",\"binary_tensor_data\",\"classification\"]");
    }

    @Test
    void serviceIsLiveAndReady() {
        assertThat(get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
        assertThat(get("/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
    }

    @Test
    void describesAModelOfMatrices() {
        String id = create("\"hidden\": [3], \"task\": \"regression\"");
        train(id, "\"inputs\": [[1, 2], [3, 4]], \"targets\": [[1, 2, 3], [4, 5, 6]], \"epochs\": 1");

        JsonNode metadata = metadata("/v2/models/" + id);

        assertThat(metadata.toString()).isEqualTo("""
            {"name":"%s","versions":["1"],"platform":"backprop",\
            "inputs":[{"name":"inputs","datatype":"FP32","shape":[-1,2]}],\
            "outputs":[{"name":"predictions","datatype":"FP32","shape":[-1,3]}],\
            "properties":{"version":"1","task":"regression"}}\
            """.formatted(id));
        assertThat(metadata("/v2/models/" + id + "/versions/1")).isEqualTo(metadata);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "task": "classification"                                  | [0, 1]           | [-1,2] | label
        "hidden": []                                              | ["a", "b"]       | [-1,2] | label
        "hidden": []                                              | ["a", "b", "c"]  | [-1,3] | label
        "outputActivation": "sigmoid", "loss": "binary_crossentropy" | [[0, 1], [1, 1]] | [-1,2] |
        """)
    void describesClassifiers(String fields, String targets, String shape, String label) {
        String id = create(fields);
        int rows = mapper.readTree(targets).size();
        String inputs = "[0, 1, 2]" + ", [1, 2, 3]".repeat(rows - 1);
        train(id, "\"inputs\": [%s], \"targets\": %s, \"epochs\": 1".formatted(inputs, targets));

        JsonNode outputs = metadata("/v2/models/" + id).path("outputs");

        assertThat(outputs.get(0).toString())
                .isEqualTo("{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":%s}".formatted(shape));
        assertThat(outputs.path(1).toString())
                .isEqualTo(label == null ? "" : "{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[-1]}");
        assertThat(outputs.size()).isEqualTo(label == null ? 1 : 2);
    }

    @Test
    void tableHasAnInputPerColumn() {
        String id = trainTable("""
            day,size,color,price
            2026-01-01,1,red,3
            2026-01-02,2,blue,4
            2026-01-03,3,red,6
            """, "target=price");

        JsonNode metadata = metadata("/v2/models/" + id);

        assertThat(metadata.path("inputs").toString()).isEqualTo("""
            [{"name":"day","datatype":"BYTES","shape":[-1]},\
            {"name":"size","datatype":"FP32","shape":[-1]},\
            {"name":"color","datatype":"BYTES","shape":[-1]}]\
            """);
        assertThat(metadata.path("properties").path("target").asString()).isEqualTo("price");
    }

    @Test
    void tableOfNumbersHasAMatrixToo() {
        String id = trainTable("a,b,when\n1,2,2026-01-01\n3,4,2026-01-02\n5,6,2026-01-05\n", "target=when");

        JsonNode metadata = metadata("/v2/models/" + id);

        assertThat(metadata.path("inputs").toString()).isEqualTo("""
            [{"name":"a","datatype":"FP32","shape":[-1]},{"name":"b","datatype":"FP32","shape":[-1]},\
            {"name":"inputs","datatype":"FP32","shape":[-1,2]}]\
            """);
        assertThat(metadata.path("outputs").toString())
                .isEqualTo("[{\"name\":\"predictions\",\"datatype\":\"FP32\",\"shape\":[-1,1]}]");
        assertThat(metadata.path("properties").path("unit").asString()).isEqualTo("days since 1970-01-01");
    }

    @Test
    void columnNamedInputsHidesTheMatrix() {
        String id = trainTable("inputs,b,y\n1,2,3\n3,4,5\n5,6,8\n", "target=y");

        assertThat(metadata("/v2/models/" + id).path("inputs").findValuesAsString("name"))
                .containsExactly("inputs", "b");
    }

    @Test
    void listsTheVersionsThatAreKept() {
        String id = create("\"hidden\": []");
        for (int i = 0; i < 3; i++) {
            train(id, XOR + ", \"epochs\": 1");
        }

        assertThat(metadata("/v2/models/" + id).path("versions").toString()).isEqualTo("[\"1\",\"2\",\"3\"]");
        assertThat(metadata("/v2/models/" + id + "/versions/2")
                        .at("/properties/version")
                        .asString())
                .isEqualTo("2");
    }

    @Test
    void untrainedModelHasNoVersion() {
        String id = create("");

        assertThat(metadata("/v2/models/" + id).toString()).isEqualTo("""
            {"name":"%s","versions":[],"platform":"backprop","inputs":[],"outputs":[],\
            "properties":{"version":"0"}}\
            """.formatted(id));
    }

    @Test
    void modelIsReadyOnceTrained() {
        String id = create("");
        String path = "/v2/models/" + id + "/ready";
        assertThat(json(get(path), 503).toString())
                .isEqualTo("{\"error\":\"the model \\\"%s\\\" is not ready: never trained\"}".formatted(id));

        train(id, XOR + ", \"epochs\": 1");

        assertThat(json(get(path), 200).toString()).isEqualTo("{\"name\":\"%s\",\"ready\":true}".formatted(id));
        assertThat(json(get("/v2/models/" + id + "/versions/1/ready"), 200)
                        .path("ready")
                        .asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "01",
                "-1",
                "+1",
                "9e9",
                "1.0",
                "2",
                "latest",
                "99999999999999999999",
                "999999999999999999",
                "%31%30",
                "%20",
                "null",
                "1%00"
            })
    void rejectsUnknownVersions(String version) {
        String id = create("");
        train(id, XOR + ", \"epochs\": 1");

        for (String suffix : new String[] {"", "/ready", "/stats"}) {
            HttpResponse<String> response = get("/v2/models/" + id + "/versions/" + version + suffix);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(version.contains("%00") ? 400 : 404);
            contract.assertValid("metadata_model_error_response", json(response));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "NONE",
                "%C3%A4",
                "%20",
                "a%3Ab",
                "..a",
                "stats.",
                "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg1",
                "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg"
            })
    void rejectsUnknownModels(String name) {
        for (String suffix : new String[] {"", "/ready", "/stats", "/versions/1", "/versions/1/ready"}) {
            HttpResponse<String> response = get("/v2/models/" + name + suffix);

            error(response, 404);
            contract.assertValid("metadata_model_error_response", json(response));
        }
    }

    @Test
    void namesMayHave64CharactersAndEscapes() {
        String id = "a1.b_c-".repeat(9) + "z";
        json(post("/models", "{\"id\": \"" + id + "\"}"), 201);

        assertThat(json(get("/v2/models/" + id.replace("b", "%62")), 200)
                        .path("name")
                        .asString())
                .isEqualTo(id);
    }

    @Test
    void answersHeadAndOptions() {
        String path = "/v2/models/" + create("");

        HttpResponse<String> head = send(request(path).method("HEAD", BodyPublishers.noBody()));
        HttpResponse<String> options = send(request(path).method("OPTIONS", BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Type")).isEqualTo("application/json");
        assertThat(options.statusCode()).isEqualTo(200);
        assertThat(header(options, "Allow")).isEqualTo("GET,HEAD,OPTIONS");
    }
}
