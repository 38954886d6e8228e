package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.OpenApiDocument.Operation;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Sends every example request of the OpenAPI document and checks the responses against the document. */
class OpenApiExampleTests extends EmptyServiceTestBase {

    /** In an order in which each finds the resources it needs. */
    private static final List<String> OPERATIONS = List.of(
            "createModel",
            "train",
            "predict",
            "evaluate",
            "measureImportance",
            "infer",
            "inferVersion",
            "getParameters",
            "getModel",
            "updateModel",
            "listModels",
            "getTraining",
            "getHistory",
            "watchTraining",
            "listTrainings",
            "listAllTrainings",
            "cancelTraining",
            "crossValidate",
            "search",
            "listSearches",
            "getSearch",
            "listTrials",
            "watchSearch",
            "cancelSearch",
            "setParameters",
            "listVersions",
            "getServerMetadata",
            "getServerLive",
            "getServerReady",
            "getModelMetadata",
            "getModelVersionMetadata",
            "getModelReady",
            "getModelVersionReady",
            "getStatistics",
            "getModelStatistics",
            "getModelVersionStatistics",
            "listRepository",
            "unloadModel",
            "loadModel",
            "restoreVersion",
            "exportModel",
            "exportOnnx",
            "getServingStatus",
            "getServingVersionStatus",
            "getServingMetadata",
            "servingPredict",
            "servingPredictVersion",
            "invoke",
            "deleteModel");

    /** The operation that needs a running training. */
    private static final String LIVE = "predictDuringTraining";

    /** The operations that accept tables, in such an order. */
    private static final List<String> TABLES =
            List.of("train", "predict", "evaluate", "measureImportance", "crossValidate", "search");

    /** The operations about a table that a driver reads, in such an order. */
    private static final List<String> SCORINGS =
            List.of("predictTable", "listTablePredictions", "getTablePrediction", "cancelTablePrediction");

    private static final JsonMatcher MATCHER = new JsonMatcher(
            Set.of("createdAt", "trainedAt", "queuedAt", "startedAt", "finishedAt", "examplesPerSecond"));

    private OpenApiDocument document;

    @BeforeEach
    void readDocument() {
        document = new OpenApiDocument(json(get("/v3/api-docs"), 200));
    }

    @Test
    void everyExampleWorks() {
        assertThat(document.operationIds())
                .containsExactlyInAnyOrderElementsOf(Stream.of(OPERATIONS.stream(), SCORINGS.stream(), Stream.of(LIVE))
                        .flatMap(names -> names)
                        .toList());
        for (String name : OPERATIONS) {
            assertExamplesWork(document.operation(name));
        }
        for (String name : TABLES) {
            assertTablesWork(document.operation(name));
        }
        for (String name : SCORINGS) {
            assertScoringWorks(document.operation(name));
        }
        delete("/models/iris");
        assertExamplesWork(document.operation("createModel"));
        begin("xor", ENDLESS);
        String iris = document.operation("train")
                .body("text/csv")
                .at("/examples")
                .iterator()
                .next()
                .path("value")
                .asString();
        send(request("/models/iris/train?target=species&epochs=1000000")
                .header("Content-Type", "text/csv")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString(iris)));
        assertExamplesWork(document.operation(LIVE));
        assertTablesWork(document.operation(LIVE));
        delete("/models/iris");
        delete("/models/xor");
    }

    private void assertTablesWork(Operation operation) {
        for (String type : List.of("text/csv", "application/x-ndjson")) {
            JsonNode examples = operation.body(type).path("examples");
            assertThat(examples.isEmpty()).as(operation.id()).isFalse();
            examples.propertyStream().forEach(example -> {
                String path = example.getKey().replaceFirst(".*, to ", "");
                assertThat(path.replaceFirst("[?].*", ""))
                        .isEqualTo(operation.template().replace("{id}", "iris").replace("{number}", "1"));
                HttpResponse<String> response = send(withLongWait(path)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(
                                example.getValue().get("value").asString())));
                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            });
        }
        assertTextResponses(operation);
    }

    private void assertScoringWorks(Operation operation) {
        JsonNode examples = operation.body("application/json").path("examples");
        String body = "";
        String path = operation.target().replace("/xor/", "/iris/");
        for (Map.Entry<String, JsonNode> example : examples.properties()) {
            assertThat(example.getKey()).endsWith(", to " + path);
            body = example.getValue().path("value").toString();
        }
        HttpResponse<String> response = send(request(path)
                .header("Prefer", "respond-async")
                .header("Content-Type", "application/json")
                .method(operation.method().toUpperCase(Locale.ROOT), BodyPublishers.ofString(body)));
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 202);
        assertValid(operation, response);
    }

    /** Compares the CSV and NDJSON responses to the first table with the documented ones. */
    private void assertTextResponses(Operation operation) {
        Map.Entry<String, JsonNode> table = operation
                .body("text/csv")
                .path("examples")
                .properties()
                .iterator()
                .next();
        operation.description().at("/responses/200/content").propertyStream().forEach(content -> {
            if (!content.getKey().equals("application/json")) {
                HttpResponse<String> response = send(request(table.getKey().replaceFirst(".*, to ", ""))
                        .header("Content-Type", "text/csv")
                        .header("Accept", content.getKey())
                        .POST(BodyPublishers.ofString(
                                table.getValue().get("value").asString())));
                assertThat(response.body())
                        .isEqualTo(content.getValue()
                                .at("/examples/Response/value")
                                .asString());
            }
        });
    }

    private void assertExamplesWork(Operation operation) {
        JsonNode body = operation.body("application/json");
        List<JsonNode> requests = body.isMissingNode()
                ? List.of(mapper.missingNode())
                : body.get("examples")
                        .valueStream()
                        .map(example -> example.get("value"))
                        .toList();
        for (JsonNode request : requests) {
            if (!request.isMissingNode()) {
                assertThat(document.errors(body.get("schema"), request))
                        .as(operation.path())
                        .isEmpty();
            }
            HttpResponse<String> response = send(operation, request);
            assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
            if (!response.body().isEmpty()) {
                assertValid(operation, response);
            }
        }
    }

    private void assertValid(Operation operation, HttpResponse<String> response) {
        JsonNode file = operation.description().at("/responses/200/content").path(header(response, "Content-Type"));
        if (file.at("/schema/format").asString("").equals("binary")) {
            return;
        }
        JsonNode documented = operation.content("/responses/" + response.statusCode());
        if (documented.isMissingNode()) {
            assertEvent(operation, response);
            return;
        }
        JsonNode body = mapper.readTree(response.body());
        assertThat(document.errors(documented.get("schema"), body))
                .as(operation.path())
                .isEmpty();
    }

    private void assertEvent(Operation operation, HttpResponse<String> response) {
        String[] documented = operation
                .description()
                .at("/responses/200/content/text~1event-stream/examples/Response/value")
                .asString()
                .split("data:", 2);
        String[] actual = response.body().split("\n\n", 2)[0].split("data:", 2);
        assertThat(actual[0]).isEqualTo(documented[0]);
        MATCHER.assertMatches(mapper.readTree(documented[1]), mapper.readTree(actual[1]));
    }

    private HttpResponse<String> send(Operation operation, JsonNode body) {
        String method = operation.method().toUpperCase(Locale.ROOT);
        HttpRequest.Builder request = withLongWait(operation.target());
        return body.isMissingNode()
                ? send(request.method(method, BodyPublishers.noBody()))
                : send(request.method(method, BodyPublishers.ofString(body.toString()))
                        .header("Content-Type", "application/json"));
    }

    /** Training on a busy machine can take longer than the default wait. */
    private HttpRequest.Builder withLongWait(String path) {
        return request(path).header("Prefer", "wait=60");
    }
}
