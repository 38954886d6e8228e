package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.OpenApiDocument.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Which key each operation needs according to the contract, and the callers that try. */
final class AccessTable {

    /** The secrets of callers. */
    static final Map<String, String> SECRETS = Map.of(
            "predict", "secret-of-predict-key",
            "train", "secret-of-train-key",
            "admin", "secret-of-admin-key",
            "wrong", "secret-of-another-service");

    static final List<String> CALLERS = List.of("none", "wrong", "predict", "train", "admin");

    /** The configuration of the keys, but the wrong one. */
    static final String KEYS = Stream.of("predict", "train", "admin")
            .map(scope -> "the-%s:%s:%s".formatted(scope, scope, SECRETS.get(scope)))
            .collect(Collectors.joining(","));

    /** The operations of controllers. */
    private static final String OPERATIONS = """
        predict POST   /models/{id}/predict
        predict POST   /models/{id}/evaluate
        predict POST   /models/{id}/importance
        predict GET    /models
        predict GET    /models/{id}
        predict GET    /models/{id}/versions
        train   POST   /models
        train   PATCH  /models/{id}
        train   DELETE /models/{id}
        train   GET    /models/{id}/parameters
        train   PUT    /models/{id}/parameters
        train   POST   /models/{id}/versions/{version}/restore
        train   GET    /models/{id}/export
        train   GET    /models/{id}/onnx
        train   POST   /models/{id}/train
        train   POST   /models/{id}/cross-validate
        train   GET    /models/{id}/trainings
        train   GET    /models/{id}/trainings/{number}
        train   GET    /models/{id}/trainings/{number}/history
        train   GET    /models/{id}/trainings/{number}/events
        train   POST   /models/{id}/trainings/{number}/cancel
        predict POST   /models/{id}/trainings/{number}/predict
        predict POST   /models/{id}/predictions
        predict GET    /models/{id}/predictions
        predict GET    /models/{id}/predictions/{prediction}
        predict POST   /models/{id}/predictions/{prediction}/cancel
        train   GET    /trainings
        train   POST   /models/{id}/search
        train   GET    /models/{id}/searches
        train   GET    /models/{id}/searches/{search}
        train   GET    /models/{id}/searches/{search}/trials
        train   GET    /models/{id}/searches/{search}/events
        train   POST   /models/{id}/searches/{search}/cancel
        predict GET    /v2
        open    GET    /v2/health/live
        open    GET    /v2/health/ready
        predict GET    /v2/models/{id}
        predict GET    /v2/models/{id}/versions/{version}
        predict GET    /v2/models/{id}/ready
        predict GET    /v2/models/{id}/versions/{version}/ready
        predict GET    /v2/models/stats
        predict GET    /v2/models/{id}/stats
        predict GET    /v2/models/{id}/versions/{version}/stats
        predict POST   /v2/models/{id}/infer
        predict POST   /v2/models/{id}/versions/{version}/infer
        predict POST   /v2/repository/index
        train   POST   /v2/repository/models/{id}/load
        train   POST   /v2/repository/models/{id}/unload
        predict GET    /v1/models/{id}
        predict GET    /v1/models/{id}/metadata
        predict GET    /v1/models/{id}/versions/{version}
        predict POST   /v1/models/{id}:predict
        predict POST   /v1/models/{id}/versions/{version}:predict
        predict POST   /invocations
        """;

    private static final String ENDPOINTS = """
        predict GET    /actuator/health
        predict GET    /actuator/health/{*path}
        predict GET    /actuator/info
        admin   GET    /actuator
        admin   GET    /actuator/metrics
        admin   GET    /actuator/metrics/{requiredMetricName}
        admin   GET    /actuator/prometheus
        admin   GET    /actuator/sbom
        admin   GET    /actuator/sbom/{id}
        admin   POST   /actuator/backup
        """;

    /** What is in no document, and what does not exist yet. */
    private static final String OTHERS = """
        open    GET    /
        open    GET    /index.html
        open    HEAD   /
        open    GET    /favicon.ico
        open    GET    /console/main.js
        open    GET    /console/examples/penguins.csv
        open    GET    /swagger-ui.html
        open    GET    /swagger-ui/index.html
        open    GET    /v3/api-docs
        open    GET    /v3/api-docs/swagger-config
        open    GET    /v3/api-docs.yaml
        open    GET    /problems
        open    GET    /problems/not-found
        predict GET    /actuator/health/store
        open    GET    /actuator/health/liveness
        open    GET    /actuator/health/readiness
        open    HEAD   /actuator/health/liveness
        predict HEAD   /models
        predict OPTIONS /models
        predict OPTIONS /models/{id}/predict
        train   OPTIONS /models/{id}/train
        train   HEAD   /trainings
        predict GET    /v2/
        predict GET    /v2/nothing
        train   POST   /trainings/claims
        train   PUT    /models/{id}/trainings/{number}/preparation
        train   GET    /models/{id}/trainings/{number}/network
        train   PUT    /models/{id}/trainings/{number}/progress
        train   PUT    /models/{id}/trainings/{number}/checkpoint
        train   GET    /models/{id}/trainings/{number}/checkpoint
        train   POST   /models/{id}/trainings/{number}/result
        train   POST   /models/{id}/trainings/{number}/failure
        train   POST   /models/{id}/trainings/{number}/release
        train   POST   /predictions/claims
        train   PUT    /models/{id}/predictions/{prediction}/progress
        train   POST   /models/{id}/predictions/{prediction}/result
        train   POST   /models/{id}/predictions/{prediction}/failure
        train   POST   /models/{id}/predictions/{prediction}/release
        train   GET    /models/{id}/versions/{version}/scorer
        admin   POST   /v2/nothing
        admin   GET    /nothing
        admin   POST   /
        admin   POST   /console/main.js
        admin   POST   /problems
        admin   PUT    /models
        admin   PROPFIND /models
        admin   GET    /actuator/env
        admin   GET    /actuator/heapdump
        admin   POST   /actuator/shutdown
        admin   OPTIONS /actuator/prometheus
        admin   GET    /error
        admin   GET    /models/
        admin   GET    /MODELS
        admin   GET    /models/{id}/unknown
        """;

    private AccessTable() {}

    /** A request with the scope that it needs. */
    record Row(String scope, String method, String template) {

        String path() {
            return template.replaceAll("\\{(number|search|version|prediction)}", "1")
                    .replaceAll("\\{[^}]+}", "none");
        }

        boolean isForbidden(String caller) {
            return !scope.equals("open") && CALLERS.indexOf(caller) < CALLERS.indexOf(scope);
        }
    }

    static boolean isKey(String caller) {
        return !List.of("none", "wrong").contains(caller);
    }

    static List<Row> rows() {
        return Stream.of(OPERATIONS, ENDPOINTS, OTHERS)
                .flatMap(table -> parse(table).stream())
                .toList();
    }

    private static List<Row> parse(String table) {
        return table.lines()
                .map(line -> line.split(" +"))
                .map(parts -> new Row(parts[0], parts[1], parts[2]))
                .toList();
    }

    /** Checks that the table has every operation of the OpenAPI document, and that the document names the same scopes. */
    static void assertLists(OpenApiDocument document, boolean isKeyOptional) {
        List<String> documented = new ArrayList<>();
        for (String id : document.operationIds()) {
            Operation operation = document.operation(id);
            String security = operation.description().path("security").toString();
            String scope = security.isEmpty() ? "open" : security.replaceAll(".*\\{\"key\":\\[\"(\\w+)\"]}]", "$1");
            documented.add(
                    new Row(scope, operation.method().toUpperCase(Locale.ROOT), operation.template()).toString());
            assertThat(security.isEmpty() || security.startsWith("[{},") == isKeyOptional)
                    .as(id + security)
                    .isTrue();
        }
        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(
                        parse(OPERATIONS).stream().map(Row::toString).toList());
    }

    /** Checks that the table has every endpoint to which the actuator links. */
    static void assertLists(JsonNode actuator) {
        List<String> linked = actuator.path("_links")
                .valueStream()
                .map(link -> link.path("href").asString().replaceFirst("https?://[^/]+", ""))
                .toList();
        assertThat(linked)
                .containsExactlyInAnyOrderElementsOf(
                        parse(ENDPOINTS).stream().map(Row::template).toList());
    }
}
