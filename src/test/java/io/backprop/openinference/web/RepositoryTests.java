package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.EmptyServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Lists, loads and unloads models as the clients of Triton do. */
class RepositoryTests extends EmptyServiceTestBase {

    private static final String INDEX = "/v2/repository/index";

    private String trained;

    @BeforeEach
    void createModels() {
        trained = create("");
        train(trained, XOR + ", \"epochs\": 1");
    }

    /** Without a content type, as the clients send it. */
    private HttpResponse<String> send(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    private JsonNode index(String body) {
        return json(send(INDEX, body), 200);
    }

    private HttpResponse<String> load(String id) {
        return send("/v2/repository/models/" + id + "/load", "{}");
    }

    private HttpResponse<String> unload(String id) {
        return send("/v2/repository/models/" + id + "/unload", "{\"parameters\": {\"unload_dependents\": false}}");
    }

    @Test
    void listsModelsWithTheirStates() {
        String created = create("");
        String unloaded = create("\"copyOf\": \"" + trained + "\"");
        unload(unloaded);

        assertThat(index("").toString()).isEqualTo("""
            [{"name":"%s","version":"1","state":"UNAVAILABLE","reason":"unloaded"},\
            {"name":"%s","state":"UNAVAILABLE","reason":"never trained"},\
            {"name":"%s","version":"1","state":"READY","reason":""}]\
            """.formatted(unloaded, created, trained));
        assertThat(index("{\"ready\": true}").findValuesAsString("name")).containsExactly(trained);
        assertThat(index("{\"ready\": false}")).isEqualTo(index("{}")).hasSize(3);
        assertThat(index("{\"ready\": null}")).hasSize(3);
    }

    @Test
    void listsMoreModelsThanFitAPageOfTheStore() {
        for (int i = 0; i < 150; i++) {
            create("");
        }

        assertThat(index("")).hasSize(151);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/octet-stream", "text/plain", "text/csv"})
    void acceptsAnyContentType(String type) {
        HttpResponse<String> response =
                send(request(INDEX).header("Content-Type", type).POST(BodyPublishers.ofString("{\"ready\": true}")));

        assertThat(json(response, 200)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"ready": 1}       | ready must be true or false
        {"redy": true}     | did you mean ready?
        []                 | must be an object
        {"ready": true     | the body ends before its JSON does
        nonsense           | the body is not valid JSON
        """)
    void rejectsOtherBodies(String body, String message) {
        assertThat(error(send(INDEX, body), 400)).contains(message);
    }

    @Test
    void rejectsDeepBodies() {
        assertThat(error(send(INDEX, "{\"ready\":" + "[".repeat(100_000)), 400)).isNotEmpty();
    }

    @Test
    void unloadedModelIsUnavailableUntilItIsLoaded() {
        String ready = "/v2/models/" + trained + "/ready";

        assertThat(json(unload(trained), 200).toString()).isEqualTo("{}");

        assertThat(error(get(ready), 503)).endsWith("is not ready: unloaded");
        assertThat(index("").get(0).path("state").asString()).isEqualTo("UNAVAILABLE");
        assertThat(predict(trained, "[[0, 1]]").path("predictions")).hasSize(1);
        assertThat(unload(trained).statusCode()).isEqualTo(200);

        assertThat(json(load(trained), 200).toString()).isEqualTo("{}");

        assertThat(get(ready).statusCode()).isEqualTo(200);
        assertThat(load(trained).statusCode()).isEqualTo(200);
    }

    @Test
    void acceptsRequestsWithoutBody() {
        for (String operation : new String[] {"unload", "load"}) {
            HttpResponse<String> response = send(request("/v2/repository/models/" + trained + "/" + operation)
                    .POST(BodyPublishers.noBody()));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }
    }

    @Test
    void loadsOnlyTrainedModelsAsTheyAre() {
        assertThat(error(load("none"), 404)).contains("none");
        assertThat(error(unload("none"), 404)).contains("none");
        assertThat(error(load(create("")), 400)).contains("has not been trained yet");
        String configured = "{\"parameters\": {\"config\": \"{}\"}}";
        assertThat(error(send("/v2/repository/models/" + trained + "/load", configured), 400))
                .contains("parameters must be empty");
    }

    @Test
    void newModelWithTheIdOfAnUnloadedOneIsLoaded() {
        unload(trained);
        delete("/models/" + trained);
        json(post("/models", "{\"id\": \"" + trained + "\"}"), 201);
        train(trained, XOR + ", \"epochs\": 1");

        assertThat(get("/v2/models/" + trained + "/ready").statusCode()).isEqualTo(200);
    }
}
