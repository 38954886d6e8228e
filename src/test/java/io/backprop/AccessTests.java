package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.AccessTable.Row;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Who may do what where the service listens on more than the loopback interface. See LoopbackAccessTests. */
@ExtendWith(OutputCaptureExtension.class)
class AccessTests extends ServiceTestBase {

    @DynamicPropertySource
    static void listenElsewhere(DynamicPropertyRegistry registry) {
        registry.add("server.address", () -> "0.0.0.0");
        registry.add("backprop.api.keys", () -> AccessTable.KEYS);
    }

    private HttpRequest.Builder request(String path, String caller) {
        HttpRequest.Builder request = request(path);
        return caller.equals("none")
                ? request
                : request.header("Authorization", "Bearer " + AccessTable.SECRETS.get(caller));
    }

    private HttpResponse<String> get(String path, String caller) {
        return send(request(path, caller));
    }

    @Test
    void tableListsEveryOperationAndEndpoint() {
        AccessTable.assertLists(new OpenApiDocument(json(get("/v3/api-docs"), 200)), false);
        AccessTable.assertLists(json(get("/actuator", "admin"), 200));
    }

    @Test
    void eachOperationNeedsItsScope() {
        for (Row row : AccessTable.rows()) {
            for (String caller : AccessTable.CALLERS) {
                HttpResponse<String> response =
                        send(request(row.path(), caller).method(row.method(), BodyPublishers.noBody()));

                boolean hasKey = AccessTable.isKey(caller);
                if (!row.isForbidden(caller)) {
                    assertThat(response.statusCode())
                            .as("%s with key %s: %s", row, caller, response.body())
                            .isNotIn(401, 403);
                } else if (row.method().equals("HEAD")) {
                    assertThat(response.statusCode()).as(row.toString()).isEqualTo(hasKey ? 403 : 401);
                } else if (row.template().matches("/v[12](/.*)?")) {
                    assertThat(error(response, hasKey ? 403 : 401)).contains("key");
                    assertThat(header(response, "WWW-Authenticate")).startsWith("Bearer");
                } else {
                    problem(response, hasKey ? 403 : 401, hasKey ? "forbidden" : "unauthorized");
                }
            }
        }
    }

    @Test
    void challengesSayWhatIsMissing() {
        HttpResponse<String> none = get("/models");
        assertThat(header(none, "WWW-Authenticate")).isEqualTo("Bearer realm=\"backprop\"");
        assertThat(problem(none, 401, "unauthorized").path("detail").asString())
                .isEqualTo("a key is required, as the header Authorization: Bearer KEY");

        HttpResponse<String> wrong = get("/models", "wrong");
        assertThat(header(wrong, "WWW-Authenticate")).isEqualTo("Bearer realm=\"backprop\", error=\"invalid_token\"");
        assertThat(problem(wrong, 401, "unauthorized").path("detail").asString())
                .isEqualTo("the key is not one of this service");

        HttpResponse<String> small = get("/trainings", "predict");
        assertThat(header(small, "WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"backprop\", error=\"insufficient_scope\", scope=\"train\"");
        assertThat(problem(small, 403, "forbidden").path("detail").asString())
                .isEqualTo("this operation needs a key with scope train, but key the-predict does not have it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "api_key", "token", "access_token", "Authorization"})
    void keyInUrlIsNotAccepted(String parameter) {
        problem(get("/models?" + parameter + "=" + AccessTable.SECRETS.get("admin")), 401, "unauthorized");
    }

    @ParameterizedTest
    @CsvSource({
        "bearer %s, 200",
        "BEARER %s, 200",
        "Bearer  %s, 200",
        "Bearer%s, 401",
        "Basic %s, 401",
        "%s, 401",
        "Bearer, 401",
        "Bearer %s%s, 401"
    })
    void schemeIsBearer(String header, int status) {
        String value = header.replace("%s", AccessTable.SECRETS.get("predict"));

        assertThat(send(request("/models").header("Authorization", value)).statusCode())
                .isEqualTo(status);
    }

    /** A path that Spring MVC would read as another one than the rules. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/problems/../models",
                "/problems/%2e%2e/models",
                "/problems/..%2fmodels",
                "/problems;/../models",
                "//models",
                "/models;v=1",
                "/models;/problems",
                "/%6dodels",
                "/v3/api-docs/../../models",
                "/actuator/health/../prometheus",
                "/actuator/health/..;/prometheus",
                "/actuator/%68ealth/%2e%2e/prometheus",
                "/problems\\..\\models"
            })
    void noSpellingOfAPathIsAWayAround(String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .formatted(path)
                            .getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(response.lines().findFirst().orElseThrow()).matches("HTTP/1.1 40[01] ?.*");
        }
    }

    @Test
    void healthShowsNoDetails() {
        JsonNode health = json(send(request("/actuator/health", "predict").GET()), 200);

        assertThat(health.path("status").asString()).isEqualTo("UP");
        assertThat(health.has("components")).isFalse();
    }

    @Test
    void trainingBelongsToTheKeyThatStartedIt(CapturedOutput output) {
        String id = newId();
        for (String caller : List.of("train", "admin")) {
            send(request("/models", caller)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"id\": \"%s\", \"hidden\": [2]}".formatted(id))));
            HttpResponse<String> trained = send(request("/models/" + id + "/train", caller)
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", "the same")
                    .POST(BodyPublishers.ofString("{" + XOR + "}")));
            assertThat(json(trained, 200).path("version").asInt()).isEqualTo(caller.equals("train") ? 1 : 2);
            Await.until(() -> output.getOut()
                    .lines()
                    .anyMatch(line -> line.contains("model=" + id) && line.contains(" key=the-" + caller)));
        }
    }

    @Test
    void eventStreamAndWaitEndWithoutErrorOfAccess(CapturedOutput output) {
        String id = newId();
        HttpResponse<String> created = send(request("/models", "train")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"id\": \"%s\", \"hidden\": [2]}".formatted(id))));
        assertThat(created.statusCode()).isEqualTo(201);
        HttpResponse<String> trained = send(request("/models/" + id + "/train", "train")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{" + XOR + ", \"epochs\": 2000}")));
        assertThat(trained.statusCode()).isEqualTo(200);

        HttpResponse<String> ended = get("/models/" + id + "/trainings/1/events", "train");
        HttpResponse<String> second = send(request("/models/" + id + "/train", "train")
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString("{" + XOR + ", \"epochs\": 20000}")));
        HttpResponse<String> watched = get(header(second, "Location") + "/events", "train");

        assertThat(List.of(ended, watched)).allSatisfy(stream -> {
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.body()).contains("event:end");
        });
        assertThat(output).doesNotContain("AccessDenied", "AuthorizationDenied", "Access Denied", "ERROR", "\tat ");
    }
}
