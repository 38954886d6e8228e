package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Evaluations of tables that have the target as a column. */
class EvaluateTableTests extends ServiceTestBase {

    private static final String TRAINING = """
            size,color,kind
            1.5,red,apple
            1.6,green,apple
            0.2,red,cherry
            0.3,red,cherry
            2.5,yellow,melon
            2.9,green,melon
            """;

    private String id = "";

    @BeforeEach
    void train() {
        id = create("""
                "hidden": [{"units": 4}], "seed": 3""");
        json(table("train?target=kind&epochs=200", "text/csv", TRAINING), 200);
    }

    @Test
    void evaluatesRowsOfAllFormats() {
        String rows = "color,kind,size\ngreen,apple,1.5\nred,cherry,0.1\nred,melon,\n";
        String json = """
                [{"kind": "apple", "color": "green", "size": 1.5}, {"size": 0.1, "kind": "cherry", "color": "red"},
                 {"kind": "melon", "color": "red", "size": null}]""";

        JsonNode expected = json(evaluate("text/csv", rows), 200);

        assertThat(expected.path("examples").asInt()).isEqualTo(3);
        assertThat(expected.at("/classes").size()).isEqualTo(3);
        assertThat(json(evaluate("application/json", "{\"rows\": " + json + "}"), 200))
                .isEqualTo(expected);
        String ndjson = json.replaceAll("[\\[\\]]", "").replaceAll("},\\s", "}\n");
        assertThat(json(evaluate("application/x-ndjson", ndjson), 200)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            size,color;1,red          | kind
            size,color,kind;1,red,    | column "kind" is the target, but has no values
            size,color,kind;1,red,fig | line 2: column "kind" must be one of
            size,color,kind           | at least 1 row
            """)
    void rejectsMissingOrUnknownTargets(String rows, String detail) {
        JsonNode problem = problem(evaluate("text/csv", rows.replace(';', '\n') + "\n"), 422, "invalid-field");

        assertThat(problem.path("detail").asString()).contains(detail);
    }

    @Test
    void acceptsTheTargetOfTheModel() {
        String json = """
                {"rows": [{"kind": "apple", "color": "green", "size": 1.5}], "target": "%s"}""";

        JsonNode expected = json(evaluate("text/csv", TRAINING), 200);

        assertThat(json(table("evaluate?target=kind", "text/csv", TRAINING), 200))
                .isEqualTo(expected);
        assertThat(json(table("importance?target=kind", "text/csv", TRAINING), 200)
                        .path("features")
                        .size())
                .isEqualTo(2);
        json(evaluate("application/json", json.formatted("kind")), 200);
        JsonNode problem = problem(table("evaluate?target=color", "text/csv", TRAINING), 422, "invalid-field");
        assertThat(problem.path("detail").asString())
                .isEqualTo("target must be \"kind\", which the model predicts, but was \"color\"");
        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo("target");
        problem = problem(evaluate("application/json", json.formatted("size")), 422, "invalid-field");
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/target");
    }

    @Test
    void skipsRowsWithoutTarget() {
        JsonNode evaluation = json(evaluate("text/csv", TRAINING + "1.5,red,\n"), 200);

        assertThat(evaluation.path("examples").asInt()).isEqualTo(6);
        assertThat(evaluation.path("warnings").toString()).contains("1 row is ignored");
        assertThat(evaluation.path("metrics"))
                .isEqualTo(json(evaluate("text/csv", TRAINING), 200).path("metrics"));
    }

    @Test
    void comparesNumbersInTheirUnit() {
        id = create("""
                "hidden": [], "learningRate": 0.05, "seed": 1""");
        json(table("train?target=y&epochs=500", "text/csv", "x,y\n1,1003\n2,1005\n3,1007\n4,1009\n"), 200);

        JsonNode metrics =
                json(evaluate("text/csv", "y,x\n1003,1\n1011,4\n"), 200).path("metrics");

        assertThat(metrics.path("mean_absolute_error").asDouble()).isBetween(0.9, 1.1);
    }

    @Test
    void comparesDatesInDays() {
        String rows = "x,born\n1,2024-01-01\n2,2024-01-03\n3,2024-01-05\n4,2024-01-07\n";
        id = create("""
                "hidden": [], "learningRate": 0.05, "seed": 1""");
        json(table("train?target=born&epochs=500", "text/csv", rows), 200);

        JsonNode metrics =
                json(evaluate("text/csv", rows.replace("01-07", "01-11")), 200).path("metrics");

        assertThat(metrics.path("mean_absolute_error").asDouble()).isBetween(0.9, 1.1);
        json(table("importance", "text/csv", rows), 200);
        json(table("train?target=born&epochs=1", "text/csv", rows), 200);
        assertThat(problem(table("train?target=born", "text/csv", "x,born\n1,19723\n2,19725\n"), 422, "invalid-field")
                        .path("detail")
                        .asString())
                .isEqualTo(
                        "line 2: column \"born\" must be a date in ISO 8601, such as 2024-02-29, but is \"19723\"; invalidCells=missing takes such cells as missing");
    }

    private HttpResponse<String> evaluate(String type, String body) {
        return table("evaluate", type, body);
    }

    private HttpResponse<String> table(String operation, String type, String body) {
        return send(request("/models/" + id + "/" + operation)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body)));
    }
}
