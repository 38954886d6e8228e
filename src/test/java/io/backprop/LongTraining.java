package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A deterministic training of a few seconds that uses every kind of state that a checkpoint holds: dropout, a learning
 * rate reduced on plateaus, sample weights, early stopping.
 */
final class LongTraining {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int ROWS = 1_500;
    private static final String MODEL = """
        {"id": "%s", "hidden": [{"units": 48, "dropout": 0.1}, {"units": 24, "activation": "tanh"}], "seed": 11,
         "learningRate": 0.002, "task": "regression", "l2": 1e-5, "globalClipNorm": 2,
         "learningRateSchedule": {"type": "reduce_on_plateau", "factor": 0.9, "patience": 3, "cooldown": 2}, "ensemble": %s}\
        """;

    private final String id;
    private final int epochs;
    private final int folds; // of an ensemble or a cross-validation; 0 for a single network
    private final boolean crossValidated;

    LongTraining(String id, int epochs) {
        this(id, epochs, 0, false);
    }

    private LongTraining(String id, int epochs, int folds, boolean crossValidated) {
        this.id = id;
        this.epochs = epochs;
        this.folds = folds;
        this.crossValidated = crossValidated;
    }

    /** A training of an ensemble by fold, each network of which takes all epochs. */
    static LongTraining byFold(String id, int epochs, int folds) {
        return new LongTraining(id, epochs, folds, false);
    }

    /** A cross-validation, each fold of which takes all epochs. */
    static LongTraining crossValidation(String id, int epochs, int folds) {
        return new LongTraining(id, epochs, folds, true);
    }

    String id() {
        return id;
    }

    /** Creates the model and starts the training asynchronously. */
    void start(ChildService service) {
        assertThat(Await.result(start(service, "respond-async")).statusCode()).isEqualTo(202);
    }

    /** Creates the model and starts the training with the given {@code Prefer} header. */
    CompletableFuture<HttpResponse<String>> start(ChildService service, String prefer) {
        String ensemble = folds == 0 || crossValidated ? "1" : "{\"size\": %d, \"by\": \"fold\"}".formatted(folds);
        assertThat(send(service, "POST", "/models", MODEL.formatted(id, ensemble))
                        .statusCode())
                .isEqualTo(201);
        HttpRequest request = request(service, "/models/" + id + (crossValidated ? "/cross-validate" : "/train"))
                .header("Prefer", prefer)
                .POST(BodyPublishers.ofString(data()))
                .build();
        return HTTP.sendAsync(request, BodyHandlers.ofString());
    }

    private String data() {
        Random random = new Random(3);
        StringBuilder inputs = new StringBuilder();
        StringBuilder targets = new StringBuilder();
        StringBuilder weights = new StringBuilder();
        for (int row = 0; row < ROWS; row++) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            String comma = row == 0 ? "" : ",";
            inputs.append(comma).append(String.format(Locale.ROOT, "[%.4f,%.4f]", x, y));
            targets.append(comma).append(String.format(Locale.ROOT, "%.4f", Math.sin(9 * x) * y));
            weights.append(comma).append(1 + row % 3);
        }
        return """
            {"inputs": [%s], "targets": [%s], "sampleWeights": [%s], "epochs": %d, "validationSplit": %s,
             "earlyStopping": {"patience": 100000}%s}\
            """.formatted(
                        inputs,
                        targets,
                        weights,
                        epochs,
                        folds == 0 || crossValidated ? 0.2 : 0,
                        crossValidated ? ", \"folds\": " + folds : "");
    }

    JsonNode training(ChildService service) {
        return json(send(service, "GET", "/models/" + id + "/trainings/1", ""));
    }

    void awaitEnd(ChildService service) {
        Await.until(
                () -> training(service),
                training -> !training.path("finishedAt").isNull());
    }

    void awaitEpoch(ChildService service, int epoch) {
        Await.until(
                () -> training(service),
                training -> training.path("epochsCompleted").asInt() >= epoch);
    }

    /** Returns the lines of the event stream as they arrive. */
    Iterator<String> events(ChildService service) throws IOException, InterruptedException {
        HttpRequest request =
                request(service, "/models/" + id + "/trainings/1/events").build();
        return HTTP.send(request, BodyHandlers.ofLines()).body().iterator();
    }

    JsonNode history(ChildService service) {
        return json(send(service, "GET", "/models/" + id + "/trainings/1/history", ""));
    }

    /** Returns everything that must not depend on interruptions of the training. */
    String result(ChildService service) {
        JsonNode training = training(service);
        StringBuilder result = new StringBuilder();
        for (String field : new String[] {
            "state",
            "stopReason",
            "epochsCompleted",
            "loss",
            "validationLoss",
            "bestEpoch",
            "trainingMetrics",
            "validationMetrics",
            "version"
        }) {
            result.append(field).append(": ").append(training.path(field)).append('\n');
        }
        return result.append(history(service))
                .append(send(service, "GET", "/models/" + id + "/parameters", "")
                        .body())
                .toString();
    }

    JsonNode model(ChildService service) {
        return json(send(service, "GET", "/models/" + id, ""));
    }

    /** Cancels the training and waits for its end. */
    HttpResponse<String> cancel(ChildService service) {
        return send(service, "POST", "/models/" + id + "/trainings/1/cancel", "");
    }

    HttpResponse<String> predict(ChildService service) {
        return send(service, "POST", "/models/" + id + "/predict", "{\"inputs\": [[0.5, 0.5]]}");
    }

    /** Waits until the network in training predicts with the parameters of an epoch or of a later one. */
    void awaitLive(ChildService service, int epoch) {
        String path = "/models/" + id + "/trainings/1/predict";
        Await.until(
                () -> json(send(service, "POST", path, "{\"inputs\": [[0.5, 0.5]]}")),
                live -> live.at("/predictions/0/0").isNumber()
                        && live.path("epoch").asInt() >= epoch);
    }

    /** The value of a metric of the service, from its start. */
    static double metric(ChildService service, String name) {
        return json(send(service, "GET", "/actuator/metrics/" + name, ""))
                .at("/measurements/0/value")
                .asDouble();
    }

    static JsonNode json(HttpResponse<String> response) {
        return MAPPER.readTree(response.body());
    }

    private static HttpResponse<String> send(ChildService service, String method, String path, String body) {
        HttpRequest request = request(service, path)
                .header("Prefer", "wait=60")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("no response to %s %s from %s".formatted(method, path, service), e);
        }
    }

    private static HttpRequest.Builder request(ChildService service, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + path))
                .timeout(Duration.ofMinutes(3))
                .header("Content-Type", "application/json");
    }
}
