package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Prometheus server that reads the metrics of a service every second, with the configuration of the project. */
final class PrometheusServer implements AutoCloseable {

    static final Path FILES = Path.of("src/main/grafana");

    private static final Pattern ADDRESS = Pattern.compile("msg=\"Listening on\" address=(\\S+)");

    private final Process process;
    private final Path log;
    private final String address;

    private PrometheusServer(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.address = awaitAddress();
    }

    /**
     * Starts a server. Skips the test if Prometheus is not installed.
     *
     * @param key presented to the service
     */
    static PrometheusServer start(int servicePort, String key) throws IOException {
        Path program = Requirement.program("prometheus");
        Path folder = TestFolders.create();
        Path config = configure(folder, servicePort, key);
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            PrometheusServer server = new PrometheusServer(process, log);
            Await.until(() -> server.get("/-/ready").statusCode() == 200);
            return server;
        } catch (AssertionError e) {
            process.destroyForcibly();
            throw new AssertionError(Files.readString(log), e);
        }
    }

    /** Copies the configuration of the project, with another address, interval and key. */
    private static Path configure(Path folder, int servicePort, String key) throws IOException {
        Path keyFile = Files.writeString(folder.resolve("key"), key);
        Files.copy(FILES.resolve("rules.yml"), folder.resolve("rules.yml"));
        String config = Files.readString(FILES.resolve("prometheus.yml"))
                .replaceAll("_interval: 15s", "_interval: 1s")
                .replaceFirst("credentials_file: \\S+", "credentials_file: " + keyFile)
                .replaceFirst("backprop:8080", "localhost:" + servicePort);
        assertThat(config).contains("_interval: 1s", keyFile.toString(), "localhost:" + servicePort);
        return Files.writeString(folder.resolve("prometheus.yml"), config);
    }

    private String awaitAddress() {
        Await.until(() -> findAddress().isPresent() || !process.isAlive());
        return findAddress().orElseThrow(() -> new AssertionError("Prometheus did not start"));
    }

    private Optional<String> findAddress() {
        try {
            return ADDRESS.matcher(Files.readString(log))
                    .results()
                    .map(found -> found.group(1))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the series of a query, of which none may exist yet. */
    JsonNode query(String query) {
        return data("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .path("result");
    }

    /** Returns the alert rules. */
    List<JsonNode> rules() {
        return data("/api/v1/rules").path("groups").findValues("rules").stream()
                .flatMap(JsonNode::valueStream)
                .toList();
    }

    private HttpResponse<String> get(String path) {
        return HttpTestBase.send(HttpRequest.newBuilder(URI.create("http://" + address + path)));
    }

    private JsonNode data(String path) {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
        return new JsonMapper().readTree(response.body()).path("data");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
