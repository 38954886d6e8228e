package io.backprop.bench;

import io.backprop.Application;
import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the overhead of the service for a training: examples per second of the engine alone, and of a training over HTTP
 * with its store and checkpoints, in alternating turns. Prints one line of JSON per turn; the last one has the median ratio.
 * Arguments: FILE NAME as for {@link TrainingThroughput}, the number of turns of about 20 seconds, and the number of threads.
 */
public final class ServiceThroughput {

    private static final double SECONDS = 20;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final TrainingThroughput.Workload workload;
    private final Examples examples;
    private final Threads threads;
    private final String models;
    private final String data;

    private ServiceThroughput(TrainingThroughput.Workload workload, int threads, int port) {
        this.workload = workload;
        this.examples = workload.data();
        this.threads = Threads.of(threads);
        this.models = "http://localhost:" + port + "/models";
        this.data = "{\"inputs\": %s, \"targets\": %s".formatted(json(examples.inputs()), json(examples.targets()));
    }

    private static String json(Matrix matrix) {
        StringBuilder rows = new StringBuilder("[");
        for (int row = 0; row < matrix.rows(); row++) {
            rows.append(row == 0 ? "[" : ",[");
            for (int column = 0; column < matrix.columns(); column++) {
                rows.append(column == 0 ? "" : ",").append(matrix.get(row, column));
            }
            rows.append(']');
        }
        return rows.append(']').toString();
    }

    public static void main(String[] args) throws Exception {
        TrainingThroughput.Workload workload =
                TrainingThroughput.workloads(args[0]).get(args[1]);
        Path store = Files.createTempDirectory("backprop");
        try (ConfigurableApplicationContext service = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--logging.level.root=WARN",
                "--spring.main.banner-mode=off",
                "--backprop.limits.body=1GB",
                "--backprop.training.threads=" + args[3],
                "--backprop.store.folder=" + store)) {
            int port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            new ServiceThroughput(workload, Integer.parseInt(args[3]), port)
                    .measure(args[1], Integer.parseInt(args[2]));
        }
    }

    private void measure(String name, int turns) throws Exception {
        alone(20); // warm up
        int epochs = (int) Math.ceil(SECONDS * alone(20) / workload.examples());
        double[] ratios = new double[turns];
        for (int turn = 0; turn < turns; turn++) {
            double alone = alone(epochs);
            double served = served(epochs, "turn" + turn);
            ratios[turn] = served / alone;
            System.out.printf(
                    "{\"workload\": \"%s\", \"engine\": %.0f, \"service\": %.0f, \"ratio\": %.3f}%n",
                    name, alone, served, ratios[turn]);
        }
        Arrays.sort(ratios);
        System.out.printf("{\"workload\": \"%s\", \"median_ratio\": %.3f}%n", name, ratios[turns / 2]);
    }

    /** Examples per second, over all epochs. */
    private double alone(int epochs) {
        Network network = Network.initialize(workload.spec(), 1);
        Trainer trainer = Trainer.start(network, workload.plan().withEpochs(epochs), TrainingData.of(examples))
                .using(threads);
        long begun = System.nanoTime();
        trainer.train(TrainingListener.NONE);
        return rate(epochs, Duration.ofNanos(System.nanoTime() - begun));
    }

    private double served(int epochs, String id) throws IOException, InterruptedException {
        send("", """
                {"id": "%s", "hidden": [{"units": %d}], "task": "classification", "learningRate": 0.001, "batchSize": %d}""".formatted(id, workload.sizes().get(1), workload.batch()));
        JsonNode training = send("/" + id + "/train", data + ", \"epochs\": " + epochs + "}");
        while (training.path("finishedAt").isNull()) {
            Thread.sleep(1_000);
            training = send("/" + id + "/trainings/1", null);
        }
        return rate(epochs, Duration.between(time(training, "startedAt"), time(training, "finishedAt")));
    }

    private JsonNode send(String path, @Nullable String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(models + path))
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async");
        if (body != null) {
            request.POST(BodyPublishers.ofString(body));
        }
        return MAPPER.readTree(
                http.send(request.build(), BodyHandlers.ofString()).body());
    }

    private double rate(int epochs, Duration time) {
        return (double) epochs * workload.examples() / (time.toNanos() / 1e9);
    }

    private static Instant time(JsonNode training, String name) {
        return Instant.parse(training.path(name).asString());
    }
}
