package io.backprop.spark;

import static java.util.Objects.requireNonNull;

import io.backprop.Await;
import io.backprop.Requirement;
import io.backprop.TestFolders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
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
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service as users run it: its jar, in a separate process, on a random port and with a new SQLite store. The system property
 * {@code test.service} may name a class path instead of the jar.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Path TARGET = Path.of("../../target");
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final String READY = "Started Application in";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path store;
    private final List<String> output = new ArrayList<>();
    private @Nullable URI url;

    private ServiceProcess(Process process, Path store) {
        this.process = process;
        this.store = store;
    }

    /**
     * Starts the service with a new store.
     *
     * @param arguments such as {@code --backprop.drivers.claim-timeout=PT2S}
     */
    public static ServiceProcess start(String... arguments) {
        return start(TestFolders.create(), 0, arguments);
    }

    /** Starts the service with the store of one that was killed, on its port or on a random one (0). */
    public static ServiceProcess start(Path store, int port, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:+UseSerialGC"));
        String classPath = System.getProperty("test.service");
        command.addAll(
                classPath == null
                        ? List.of("-jar", jar().toString())
                        : List.of("-cp", classPath, "io.backprop.Application"));
        command.addAll(List.of("--server.port=" + port, "--backprop.store.folder=" + store));
        command.addAll(List.of(arguments));
        try {
            ServiceProcess service = new ServiceProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start(), store);
            service.awaitStart();
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path jar() {
        try (Stream<Path> files = Files.isDirectory(TARGET) ? Files.list(TARGET) : Stream.empty()) {
            Optional<Path> jar = files.filter(
                            file -> file.getFileName().toString().matches("backprop-[0-9.]+\\.jar"))
                    .findFirst();
            return Requirement.file("service", jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitStart() {
        Thread reader = new Thread(this::read, "service-output");
        reader.setDaemon(true);
        reader.start();
        try {
            Await.until(() -> output().contains(READY) || !reader.isAlive());
            Matcher port = PORT.matcher(output());
            if (!port.find() || !output().contains(READY)) {
                throw new AssertionError("the process exited");
            }
            url = URI.create("http://localhost:" + port.group(1));
        } catch (AssertionError e) {
            close();
            throw new AssertionError("the service did not start:\n" + output(), e);
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(this::keep);
        } catch (IOException | UncheckedIOException e) {
            keep("(output closed)");
        }
    }

    private synchronized void keep(String line) {
        output.add(line);
    }

    public synchronized String output() {
        return String.join("\n", output);
    }

    /** Without a slash at its end. */
    public URI url() {
        return requireNonNull(url);
    }

    public Path store() {
        return store;
    }

    public JsonNode get(String path) {
        return json(send(HttpRequest.newBuilder(url().resolve(path)).build()));
    }

    public byte[] bytes(String path) {
        return send(HttpRequest.newBuilder(url().resolve(path)).build()).body();
    }

    /** Posts JSON, or without a body if it is empty. */
    public JsonNode post(String path, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url().resolve(path));
        return json(send(
                json.isEmpty()
                        ? request.POST(BodyPublishers.noBody()).build()
                        : request.header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(json))
                                .build()));
    }

    /** Returns the answer to a request if its status is a successful one. */
    public HttpResponse<byte[]> send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() >= 400) {
                throw new AssertionError("%s %s: %d %s"
                        .formatted(
                                request.method(),
                                request.uri(),
                                response.statusCode(),
                                new String(response.body(), StandardCharsets.UTF_8)));
            }
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return MAPPER.readTree(response.body());
    }

    /** Sends SIGKILL and waits for the process to exit. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
