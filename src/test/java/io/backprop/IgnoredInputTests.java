package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.OpenApiDocument.Operation;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** No operation ignores a query parameter or a body. */
class IgnoredInputTests extends ServiceTestBase {

    private OpenApiDocument document;

    @BeforeEach
    void readDocument() {
        document = new OpenApiDocument(json(get("/v3/api-docs"), 200));
    }

    private List<Operation> operations() {
        return document.operationIds().stream().map(document::operation).toList();
    }

    private HttpResponse<String> send(Operation operation, String query, String type, BodyPublisher body) {
        HttpRequest.Builder request = request(operation.path() + query).header("Content-Type", type);
        return send(request.method(operation.method().toUpperCase(Locale.ROOT), body));
    }

    @Test
    void everyOperationRejectsUnknownParameters() {
        for (Operation operation : operations()) {
            for (String type : operation.takesBody() ? operation.bodyTypes() : List.of("application/json")) {
                assertUnknown(operation, send(operation, "?nonsense=1", type, BodyPublishers.noBody()));
                assertUnknown(operation, send(operation, "?nonsense", type, BodyPublishers.ofString("{}")));
            }
        }
    }

    /** Spring Security would reject them with an exception that looks like a failure of the service. */
    @Test
    void rejectsUnknownParametersWithControlCharacters() {
        problem(get("/models?a%09b=1"), 400, "unreadable-parameter");
    }

    @Test
    void readsHeadersOfAnyBytes() throws IOException {
        String request = "GET /models/nothing HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"\u0085\"\r\n\r\n";
        try (RawConnection connection = new RawConnection(port)) {
            assertThat(connection.exchange(request.getBytes(StandardCharsets.ISO_8859_1), false))
                    .singleElement()
                    .satisfies(response -> assertThat(response.status()).isEqualTo(404));
        }
    }

    private void assertUnknown(Operation operation, HttpResponse<String> response) {
        if (isOfProtocol(operation)) {
            assertThat(error(response, 400)).matches("nonsense is unknown (here|in the query); .*");
            return;
        }
        JsonNode error =
                problem(response, 400, "unreadable-parameter").path("errors").path(0);
        assertThat(error.path("parameter").asString()).as(operation.id()).isEqualTo("nonsense");
        assertThat(error.path("detail").asString()).as(operation.id()).matches("is unknown (here|in the query); .*");
    }

    /** Whether the operation's errors are not problems. */
    private static boolean isOfProtocol(Operation operation) {
        return operation.template().matches("/v[12](/.*)?");
    }

    @Test
    void everyOperationRejectsRepeatedParameters() {
        for (Operation operation : operations()) {
            for (JsonNode parameter : operation.description().path("parameters")) {
                boolean isList = parameter.at("/schema/type").asString().equals("array");
                if (parameter.path("in").asString().equals("query") && !isList) {
                    String name = parameter.path("name").asString();
                    String file = operation.id().equals("createModel") && name.equals("id") ? "format=backprop&" : "";
                    String query = "?%s%2$s=1&%2$s=2".formatted(file, name);
                    HttpResponse<String> response = send(operation, query, "text/csv", BodyPublishers.ofString("a"));
                    assertThat(problem(response, 400, "unreadable-parameter")
                                    .path("detail")
                                    .asString())
                            .isEqualTo(name + " is given more than once");
                }
            }
        }
    }

    @Test
    void everyOperationWithoutABodyRejectsOne() {
        for (Operation operation : operations()) {
            if (!operation.takesBody()) {
                String body = "{\"keep\": true}";
                for (BodyPublisher sent : List.of(BodyPublishers.ofString(body), chunked(body))) {
                    HttpResponse<String> response = send(operation, "", "application/json", sent);
                    String detail = isOfProtocol(operation)
                            ? error(response, 400)
                            : problem(response, 400, "unreadable-body")
                                    .path("detail")
                                    .asString();
                    assertThat(detail).as(operation.id()).startsWith("this operation takes no body");
                }
            }
        }
    }

    private static BodyPublisher chunked(String body) {
        return BodyPublishers.fromPublisher(BodyPublishers.ofString(body));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        train?epochs=3                 | epochs is unknown in the query; options of a JSON request belong in its body
        train?epoch=3                  | epoch is unknown in the query; options of a JSON request belong in its body; did you mean epochs?
        train?earlyStopping.patience=3 | earlyStopping.patience is unknown in the query; options of a JSON request belong in its body
        predict?verison=1              | verison is unknown in the query; options of a JSON request belong in its body; did you mean version? Known in the query: threshold, version
        predict?version=1&version=2    | version is given more than once
        """)
    void optionsOfAJsonRequestBelongInItsBody(String operation, String detail) {
        String id = create("\"layerCount\": 2");

        HttpResponse<String> response = post("/models/" + id + "/" + operation, "{" + XOR + "}");

        assertThat(problem(response, 400, "unreadable-parameter").path("detail").asString())
                .isEqualTo(detail);
        assertThat(model(id).path("state").asString()).isEqualTo("created");
    }

    @Test
    void fieldsOfFormsAreNoParameters() {
        HttpResponse<String> response = send(request("/models/none/predict")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("a,b\n1,2\n")));

        problem(response, 415, "unsupported-media-type");
    }

    @Test
    void theDocumentHealthAndFilesIgnoreParameters() {
        assertThat(get("/v3/api-docs?nonsense=1").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health?nonsense=1").statusCode()).isEqualTo(200);
        assertThat(get("/problems?nonsense=1").statusCode()).isEqualTo(200);
        assertThat(get("/?nonsense=1").statusCode()).isEqualTo(200);
        assertThat(get("/console/main.js?nonsense=1").statusCode()).isEqualTo(200);
    }
}
