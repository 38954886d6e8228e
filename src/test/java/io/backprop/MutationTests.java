package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Sends valid requests with a few bytes or values changed. The system property {@code test.mutations} sets how many. */
@TestPropertySource(properties = {"backprop.limits.time=50ms", "backprop.training.workers=2"})
@ExtendWith(OutputCaptureExtension.class)
class MutationTests extends ServiceTestBase {

    private static final int COUNT = Integer.getInteger("test.mutations", 1_000);

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-0",
            "-1",
            "2",
            "1e-50",
            "1E+400",
            "1e38",
            "-1e38",
            "2147483647",
            "2147483648",
            "9223372036854775808",
            "0.5",
            "NaN",
            "\"\"",
            "\"a\"",
            "\"ü🟥\\u0000\"",
            "[]",
            "{}",
            "[[]]",
            "[[1]]",
            "[null]",
            "\"softmax\"",
            "\"adam\"",
            "{\"type\":\"sgd\"}",
            "3".repeat(100),
            "[".repeat(100),
            "1000000000");

    private static final String CSV = "text/csv";
    private static final String NDJSON = "application/x-ndjson";

    private static final String TABLE = "a,b,y\n1.5,x,no\n,\"z, \"\"2\"\"\",yes\n-2e3,x,no\n2024-02-29,NA,yes\n";

    private static final String LINES = """
            {"a": 1.5, "b": "x", "y": "no"}
            {"a": null, "b": "z", "y": "yes"}
            {"a": -2e3, "b": true, "y": "no"}
            """;

    private static final List<Request> VALID = List.of(
            new Request("/models", """
                    {"layerCount": 3, "hiddenUnits": [4, 2], "learningRate": 0.5, "inputs": 2, "outputs": 1, "seed": 7}"""),
            new Request("/models", """
                    {"hidden": [{"units": 4, "activation": "relu", "dropout": 0.2}, {"units": 2}], "task": "classification",
                     "optimizer": {"type": "adamw", "beta1": 0.9, "weightDecay": 0.01}, "classes": ["a", "b", "c"],
                     "learningRateSchedule": {"type": "cosine_decay", "decaySteps": 10, "alpha": 0.1}, "l2": 0.01,
                     "globalClipNorm": 1, "batchSize": 2, "shuffle": true, "initializer": "he_normal", "loss": "huber",
                     "outputActivation": "tanh", "activation": "gelu"}"""),
            new Request("/models/numbers/train", """
                    {"inputs": [[0, 1], [1, 0], [1, 1]], "targets": [[1], [1], [0]], "epochs": 3, "batchSize": 2,
                     "shuffle": true, "learningRate": 0.1, "validationSplit": 0.3, "earlyStopping": {"patience": 2,
                     "minDelta": 0.1, "monitor": "loss"}, "sampleWeights": [1, 2, 0.5], "timeLimitSeconds": 0.01}"""),
            new Request("/models/classes/train", """
                    {"inputs": [[0, 1], [1, 0], [1, 1]], "targets": ["a", "b", "c"], "epochs": 3, "reset": true,
                     "validationInputs": [[0, 1]], "validationTargets": ["a"], "classWeights": {"a": 2, "b": 1}}"""),
            new Request("/models/classes/predict", "{\"inputs\": [[0.25, -1e-3], [1, 7]]}"),
            new Request("/models/classes/evaluate", """
                    {"inputs": [[0, 1], [1, 0]], "targets": ["a", "c"]}"""),
            new Request("/models/numbers/importance", """
                    {"inputs": [[0, 1], [1, 0]], "targets": [0.5, 1], "repeats": 3, "seed": 7}"""),
            new Request("/models/numbers/evaluate", "{\"inputs\": [[0, 1], [1, 0]], \"targets\": [0.5, 1]}"),
            new Request("/models/table/train", """
                    {"rows": [{"a": 1.5, "b": "x", "y": "no"}, {"a": null, "b": "z", "y": "yes"}, {"a": 2, "b": true, "y": "no"}],
                     "target": "y", "columns": {"a": "numeric", "b": "categorical"}, "epochs": 2}"""),
            new Request("/models/table/train?target=y&epochs=2&reset=true&columns.b=ignore", CSV, TABLE),
            new Request("/models/table/cross-validate?target=y&epochs=2&folds=2&classWeights=balanced", CSV, TABLE),
            new Request("/models/table/predict", CSV, TABLE),
            new Request("/models/table/evaluate?version=1", CSV, TABLE),
            new Request("/models/table/importance?repeats=2&seed=1", NDJSON, LINES),
            new Request("/models/table/train?target=y&validationSplit=0.5", NDJSON, LINES),
            new Request("/models/table/train?target=y&epochs=2&reset=true&splitColumn=part", CSV, """
                    a,part,y
                    1.5,train,no
                    ,train,yes
                    -2e3,validation,no
                    """),
            new Request("/models/table/cross-validate?target=y&epochs=2&folds=2&groupColumn=b", NDJSON, LINES),
            new Request("/models/table/train", """
                    {"rows": [{"a": 1.5, "g": "x", "y": "no"}, {"a": null, "g": 12345678901, "y": "yes"}, {"a": 2, "g": true, "y": "no"}],
                     "target": "y", "groupColumn": "g", "validationSplit": 0.3, "epochs": 2, "reset": true}"""),
            new Request("/models/table/train", """
                    {"rows": [{"a": 1.5, "b": "x", "y": "no"}, {"a": null, "b": "z", "y": "yes"}], "target": "y", "epochs": 2,
                     "validationRows": [{"y": "no", "b": "x", "a": 3}, {"y": "yes", "b": null, "a": 4}], "reset": true}"""),
            new Request("/models/table/predict", """
                    {"rows": [{"a": 1.5, "b": "x"}, {"a": 2, "b": null}]}"""));

    private final Random random = new Random(20_260_101);

    private record Request(String path, String type, String body) {

        Request(String path, String json) {
            this(path, "application/json", json);
        }
    }

    @Test
    void noMutationCausesAServerError(CapturedOutput output) {
        post("/models", """
                {"id": "numbers", "seed": 1}""");
        post("/models", """
                {"id": "classes", "hidden": [{"units": 4}], "classes": ["a", "b", "c"]}""");
        String known = create("\"hidden\": [], \"task\": \"regression\"");
        put("/models/" + known + "/parameters", """
                {"layers": [{"weights": [[2, 3]], "biases": [0.5]}]}""");

        post("/models", """
                {"id": "table", "hidden": [{"units": 4}]}""");
        send(request("/models/table/train?target=y").header("Content-Type", CSV).POST(BodyPublishers.ofString(TABLE)));

        for (int i = 0; i < COUNT; i++) {
            Request valid = VALID.get(random.nextInt(VALID.size()));
            String path = random.nextInt(4) == 0 ? mutateQuery(valid.path()) : valid.path();
            String body = mutate(valid.body());
            HttpResponse<String> response = send(request(path)
                    .header("Content-Type", valid.type())
                    .timeout(Await.TIMEOUT)
                    .POST(BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.ISO_8859_1))));

            assertThat(response.statusCode())
                    .as("%s %s → %s", path, body, response.body())
                    .isLessThan(500);
            assertThat(response.body())
                    .as(body)
                    .doesNotContain("Exception", "jackson", "java.", "io.backprop", "unexpected error");
            if (response.statusCode() == 201) {
                delete(header(response, "Location"));
            }
        }

        JsonNode answer = predict(known, "[[1, 10]]");
        assertThat(answer.path("predictions").toString()).isEqualTo("[[32.5]]");
        assertThat(output.getOut()).doesNotContain("ERROR");
    }

    private String mutateQuery(String path) {
        int start = path.indexOf('?') + 1;
        if (start == 0) {
            return path;
        }
        String query = changeBytes(path.substring(start));
        return path.substring(0, start)
                + URLEncoder.encode(query, StandardCharsets.ISO_8859_1)
                        .replace("%3D", "=")
                        .replace("%26", "&");
    }

    private String mutate(String body) {
        String mutated = body;
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            mutated = random.nextBoolean() ? changeBytes(mutated) : changeValue(mutated);
        }
        return mutated;
    }

    /** Deletes, repeats or replaces some of the bytes. */
    private String changeBytes(String body) {
        int from = random.nextInt(body.length() + 1);
        int to = Math.min(body.length(), from + 1 + random.nextInt(4));
        String changed = switch (random.nextInt(3)) {
            case 0 -> "";
            case 1 -> body.substring(from, to).repeat(2);
            default -> String.valueOf((char) random.nextInt(256));
        };
        return body.substring(0, from) + changed + body.substring(to);
    }

    /** Deletes, repeats or replaces the text between two structural characters of JSON. */
    private String changeValue(String body) {
        int[] structural = IntStream.range(0, body.length())
                .filter(i -> "{}[],:".indexOf(body.charAt(i)) >= 0)
                .toArray();
        if (structural.length < 2) {
            return body;
        }
        int index = random.nextInt(structural.length - 1);
        int from = structural[index] + 1;
        int to = structural[Math.min(structural.length - 1, index + 1 + random.nextInt(2))];
        String value = body.substring(from, to);
        String changed = switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> value + "," + value;
            default -> VALUES.get(random.nextInt(VALUES.size()));
        };
        return body.substring(0, from) + changed + body.substring(to);
    }
}
