package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends every example of the OpenAPI document to the server that gave it, and compares the answers. */
class OpenApiExampleTests extends EmptyService {

    /** In an order in which each finds what it needs. */
    private static final List<String> OPERATIONS = List.of(
            "createModel",
            "train",
            "predict",
            "evaluate",
            "getParameters",
            "getModel",
            "listModels",
            "getTraining",
            "listTrainings",
            "cancelTraining",
            "setParameters",
            "deleteModel");

    private static final JsonMatcher MATCHER = new JsonMatcher(
            Set.of("createdAt", "trainedAt", "queuedAt", "startedAt", "finishedAt", "examplesPerSecond", "history"));

    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper mapper = new JsonMapper();
    private final Map<String, Operation> operations = new HashMap<>();

    private record Operation(String method, String path, JsonNode description) {}

    @BeforeEach
    void readDocument() throws Exception {
        JsonNode paths =
                mapper.readTree(send("GET", "/v3/api-docs", null).body()).get("paths");
        paths.propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .forEach(method -> operations.put(
                                method.getValue().get("operationId").asString(),
                                new Operation(method.getKey().toUpperCase(), path.getKey(), method.getValue()))));
    }

    @Test
    void everyExampleWorksAsItStands() throws Exception {
        assertThat(operations.keySet()).containsExactlyInAnyOrderElementsOf(OPERATIONS);
        for (String name : OPERATIONS) {
            assertExamplesWork(operations.get(name));
        }
    }

    private void assertExamplesWork(Operation operation) throws Exception {
        String body = "/content/application~1json/examples";
        JsonNode requests = operation.description.at("/requestBody" + body);
        boolean first = true;
        for (JsonNode request : requests.isMissingNode() ? List.of(requests) : requests.values()) {
            HttpResponse<String> response = send(operation.method, path(operation), request.path("value"));
            JsonNode documented = operation.description.at("/responses/" + response.statusCode());
            assertThat(documented.isMissingNode() || response.statusCode() > 299)
                    .as("%s answered %d %s", operation.path, response.statusCode(), response.body())
                    .isFalse();
            if (first && !response.body().isEmpty()) {
                MATCHER.assertMatches(documented.at(body + "/Answer/value"), mapper.readTree(response.body()));
            }
            first = false;
        }
    }

    private static String path(Operation operation) {
        String path = operation.path;
        for (JsonNode parameter : operation.description.path("parameters")) {
            path = path.replace(
                    "{" + parameter.get("name").asString() + "}",
                    parameter.path("example").asString());
        }
        return path;
    }

    private HttpResponse<String> send(String method, String path, JsonNode body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        if (body == null || body.isMissingNode()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.method(method, BodyPublishers.ofString(body.toString())).header("Content-Type", "application/json");
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
