package io.backprop.bench;

import io.backprop.Application;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Compares predictions of one row per request, by a network 4-64-32-3, with a bare Spring Boot service that parses the same
 * JSON and computes nothing. Both run in processes of their own and are loaded by {@code wrk -t1 -c16}, which must be
 * installed, in alternating turns after a warm-up. The service requires keys and limits rates, so that each request is
 * authenticated and counted. Prints one line of JSON for the first seconds after the start, then one per turn and the median.
 * Arguments: the number of turns, the seconds of a turn and of the warm-up.
 */
public final class PredictThroughput {

    private static final String KEY = "benchmark-key-of-sufficient-length";
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final int START_SECONDS = 8;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder = Files.createTempDirectory("backprop");
    private final Path script = Files.writeString(folder.resolve("predict.lua"), """
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "application/json"
            wrk.headers["Authorization"] = "Bearer %s"
            wrk.body = '{"inputs":[[0.7919,0.2648,0.7377,0.2106]]}'
            """.formatted(KEY));

    private PredictThroughput() throws IOException {}

    /** The peer. */
    @RestController
    @ImportAutoConfiguration({
        DispatcherServletAutoConfiguration.class,
        ErrorMvcAutoConfiguration.class,
        HttpEncodingAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        JacksonAutoConfiguration.class,
        TomcatServletWebServerAutoConfiguration.class,
        WebMvcAutoConfiguration.class
    })
    public static class Echo {

        record Request(float[][] inputs) {}

        record Response(String model, long version, float[][] predictions) {}

        public static void main(String[] args) {
            SpringApplication.run(Echo.class, args);
        }

        @PostMapping("/models/m/predict")
        Response predict(@RequestBody Request request) {
            float[][] predictions = new float[request.inputs().length][];
            for (int i = 0; i < predictions.length; i++) {
                predictions[i] = new float[] {request.inputs()[i][0]};
            }
            return new Response("m", 1, predictions);
        }
    }

    public static void main(String[] args) throws Exception {
        new PredictThroughput()
                .measure(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    }

    private void measure(int turns, int seconds, int warmUp) throws Exception {
        List<Process> processes = new ArrayList<>();
        try {
            int service = freePort();
            processes.add(start(Application.class, service));
            create(service);
            double first = load(service, START_SECONDS);
            int echo = freePort();
            processes.add(start(Echo.class, echo));
            awaitReady(echo);
            print("start", first, load(echo, START_SECONDS));
            for (int i = 0; i < 2; i++) {
                load(service, warmUp / 2);
                load(echo, warmUp / 2);
            }
            double[] ratios = new double[turns];
            for (int turn = 0; turn < turns; turn++) {
                ratios[turn] = print("turn " + turn, load(service, seconds), load(echo, seconds));
            }
            Arrays.sort(ratios);
            System.out.printf("{\"median_ratio\": %.3f}%n", ratios[turns / 2]);
        } finally {
            for (Process process : processes) {
                process.destroy();
                process.waitFor();
            }
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static double print(String turn, double service, double echo) {
        System.out.printf(
                "{\"turn\": \"%s\", \"service\": %.0f, \"echo\": %.0f, \"ratio\": %.3f}%n",
                turn, service, echo, service / echo);
        return service / echo;
    }

    private Process start(Class<?> application, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                application.getName(),
                "--server.port=" + port,
                "--logging.level.root=ERROR"));
        command.addAll(
                application == Echo.class
                        ? List.of("--spring.config.name=none", "--spring.main.banner-mode=off")
                        : List.of(
                                "--backprop.store.folder=" + folder,
                                "--backprop.security.mode=keys",
                                "--backprop.api.keys=benchmark:train:" + KEY,
                                "--backprop.rates.key=1000000",
                                "--backprop.rates.address=1000000"));
        return new ProcessBuilder(command).inheritIO().start();
    }

    private void create(int port) throws IOException, InterruptedException {
        awaitReady(port);
        String models = "http://127.0.0.1:" + port + "/models";
        post(models, """
                {"id": "m", "hidden": [64, 32], "task": "classification", "seed": 1}""");
        post(models + "/m/train", """
                {"inputs": [[0,1,2,3],[1,2,3,4],[2,1,3,1]], "targets": [0,1,2], "epochs": 5}""");
    }

    private void post(String uri, String json) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(uri))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + KEY)
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(response.body());
        }
    }

    /** Returns requests per second. */
    private double load(int port, int seconds) throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder(
                        "wrk",
                        "-t1",
                        "-c16",
                        "-d" + seconds,
                        "-s",
                        script.toString(),
                        "http://127.0.0.1:" + port + "/models/m/predict")
                .redirectErrorStream(true)
                .start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher rate = RATE.matcher(output);
        if (wrk.waitFor() != 0 || !rate.find() || output.contains("Non-2xx")) {
            throw new IllegalStateException(output);
        }
        return Double.parseDouble(rate.group(1));
    }

    private void awaitReady(int port) throws InterruptedException {
        for (int attempt = 0; attempt < 300; attempt++) {
            try {
                http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
                                .build(),
                        BodyHandlers.discarding());
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("no answer on port " + port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
