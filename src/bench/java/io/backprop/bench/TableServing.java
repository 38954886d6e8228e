package io.backprop.bench;

import io.backprop.Application;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures a service with little memory that receives a large table: megabytes per second from the first byte sent to the
 * first epoch, and predicted rows per second compared to FastCSV alone, in alternating turns. Prints one line of JSON per
 * turn. Arguments: ROWS TURNS MEGABYTES, where the last one is the heap size of the service.
 */
public final class TableServing {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path table;
    private final int rows;
    private final int port;
    private final String models;

    private TableServing(Path table, int rows, int port) {
        this.table = table;
        this.rows = rows;
        this.port = port;
        this.models = "http://localhost:" + port + "/models";
    }

    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("tables");
        Path table = folder.resolve("table.csv");
        TableReading.write(table, rows);
        int port = freePort();
        Process service = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + args[2] + "m",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Application.class.getName(),
                        "--server.port=" + port,
                        "--logging.level.root=WARN",
                        "--backprop.store.folder=" + folder))
                .inheritIO()
                .start();
        try {
            TableServing serving = new TableServing(table, rows, port);
            serving.awaitReady();
            for (int turn = 0; turn < Integer.parseInt(args[1]); turn++) {
                serving.measure("turn" + turn);
            }
        } finally {
            service.destroy();
            service.waitFor();
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws InterruptedException {
        for (int attempt = 0; attempt < 300; attempt++) {
            try {
                http.send(HttpRequest.newBuilder(URI.create(models)).build(), BodyHandlers.discarding());
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("the service does not answer");
    }

    private void measure(String id) throws IOException, InterruptedException {
        send("", "application/json", BodyPublishers.ofString("""
                {"id": "%s", "hidden": [{"units": 16}], "batchSize": 256}""".formatted(id)));
        Instant begun = Instant.now();
        JsonNode training =
                MAPPER.readTree(send("/" + id + "/train?target=y&epochs=1", "text/csv", BodyPublishers.ofFile(table)));
        Instant trained = Instant.parse(training.path("startedAt").asString("1970-01-01T00:00:00Z"));
        double megabytes = Files.size(table) / 1e6;
        print(
                "train",
                "megabytes_per_second",
                megabytes / seconds(begun, trained),
                training.path("state").asString());
        double bare = rows / time(() -> TableReading.parse(table));
        print("fastcsv", "rows_per_second", bare, "");
        double records = rows / time(() -> TableReading.readRecords(table));
        print("fastcsv, records of Strings", "rows_per_second", records, "");
        for (String type : List.of("application/json", "application/x-ndjson", "text/csv")) {
            double speed = rows / time(() -> predict(id, type));
            String ratios = "ratio %.2f, to records %.2f".formatted(speed / bare, speed / records);
            print("predict to " + type, "rows_per_second", speed, ratios);
        }
    }

    /** A minimal client, because it shares the processors with the service. */
    private void predict(String id, String accept) throws IOException {
        String head = "POST /models/%s/predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".formatted(id)
                + "Content-Type: text/csv\r\nAccept: %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(accept, Files.size(table));
        try (FileChannel file = FileChannel.open(table);
                SocketChannel service = SocketChannel.open(new InetSocketAddress("localhost", port))) {
            service.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            for (long sent = 0; sent < file.size(); ) {
                sent += file.transferTo(sent, file.size() - sent, service);
            }
            ByteBuffer answer = ByteBuffer.allocate(1 << 16);
            service.read(answer);
            String status = new String(answer.array(), 0, Math.min(12, answer.position()), StandardCharsets.US_ASCII);
            if (!status.equals("HTTP/1.1 200")) {
                throw new IllegalStateException(status);
            }
            do {
                answer.clear();
            } while (service.read(answer) >= 0);
        }
    }

    private static void print(String task, String unit, double value, Object more) {
        System.out.printf(Locale.ROOT, "{\"task\": \"%s\", \"%s\": %.0f, \"more\": \"%s\"}%n", task, unit, value, more);
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private static double time(Step step) throws IOException, InterruptedException {
        Instant begun = Instant.now();
        step.run();
        return seconds(begun, Instant.now());
    }

    private String send(String path, String type, BodyPublisher body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(models + path))
                .header("Content-Type", type)
                .header("Prefer", "wait=60")
                .POST(body)
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return response.body();
    }
}
