package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.ServiceTestBase;
import io.backprop.TestFolders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Temporary files of long responses, which are always deleted. */
class SpooledOutputStreamTests extends ServiceTestBase {

    private static final Path FOLDER = TestFolders.create();
    private static final String ROWS = "x\n" + "1.25\n".repeat(2_000_000);

    private String id = "";

    @DynamicPropertySource
    static void folder(DynamicPropertyRegistry registry) {
        registry.add("backprop.spool.folder", FOLDER::toString);
        registry.add("backprop.limits.response", () -> "40MB");
        registry.add("backprop.spool.size", () -> "41MB");
    }

    @BeforeEach
    void train() throws IOException {
        Files.createDirectories(FOLDER);
        id = create("\"hidden\": [], \"seed\": 1"); // determines the length of a prediction
        json(table("train?target=y&epochs=1", "x,y\n1,2\n2,3\n"), 200);
    }

    @Test
    void longResponseIsCompleteAndLeavesNoFile() throws IOException {
        HttpResponse<String> response = table("predict", ROWS);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith("x,prediction\n1.25,");
        assertThat(response.body().lines()).hasSize(2_000_001);
        assertThat(header(response, "Content-Length"))
                .isEqualTo(Integer.toString(response.body().length()));
        assertNoFileIsLeft();
    }

    @Test
    void errorAfterManyRowsLeavesNoFile() throws IOException {
        problem(table("predict", ROWS + "one\n"), 422, "invalid-field");

        assertNoFileIsLeft();
    }

    @Test
    void rejectsResponseLargerThanTheLimit() throws IOException {
        JsonNode problem = problem(table("predict", ROWS + "1.25\n".repeat(1_000_000)), 422, "limit-exceeded");

        assertThat(problem.path("detail").asString())
                .isEqualTo(
                        "a response may have at most 41943040 bytes, but the response to these rows would have more");
        assertNoFileIsLeft();
    }

    @Test
    void disconnectedClientLeavesNoFile() throws IOException {
        try (Socket socket = predictWithoutReading()) {
            socket.setSoLinger(true, 0);
        }

        assertNoFileIsLeft();
    }

    /** Such a megabyte would become a gigabyte of rows, and a response of several. */
    @Test
    void rejectsExtremelyCompressedRowsAtOnce() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(ROWS.getBytes(StandardCharsets.US_ASCII));
        }

        HttpResponse<String> response = send(request("/models/" + id + "/predict")
                .header("Content-Type", "text/csv")
                .header("Content-Encoding", "gzip")
                .header("Accept", "text/csv")
                .POST(BodyPublishers.ofByteArray(packed.toByteArray())));

        assertThat(problem(response, 413, "body-too-large").path("detail").asString())
                .contains("at most 100 times as long")
                .contains("(backprop.limits.compression-ratio)");
        assertNoFileIsLeft();
    }

    @Test
    void limitsTheSizeOfAllResponses() throws IOException {
        try (Socket socket = predictWithoutReading()) {
            assertThat(problem(table("predict", ROWS), 507, "quota-exceeded")
                            .path("detail")
                            .asString())
                    .isEqualTo("responses that are being sent may take at most 42991616 bytes of the disk together"
                            + " (backprop.spool.size); try again later, or send fewer rows");
            json(post("/models", "{}"), 201);
            assertThat(table("predict", "x\n1\n").statusCode()).isEqualTo(200);
            socket.setSoLinger(true, 0);
        }

        assertNoFileIsLeft();
        assertThat(table("predict", ROWS).statusCode()).isEqualTo(200);
    }

    /** Returns a connection with a long response, of which the status is read. */
    private Socket predictWithoutReading() throws IOException {
        Socket socket = new Socket("localhost", port);
        String head = "POST /models/%s/predict HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\n".formatted(id)
                + "Content-Type: text/csv\r\nContent-Length: %d\r\n\r\n".formatted(ROWS.length());
        socket.getOutputStream().write((head + ROWS).getBytes(StandardCharsets.US_ASCII));
        InputStream answer = socket.getInputStream();
        assertThat(new String(answer.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        return socket;
    }

    @Test
    void reportsMissingStorageSpace() throws IOException {
        Files.delete(FOLDER);

        assertThat(problem(table("predict", ROWS), 507, "storage-full")
                        .path("detail")
                        .asString())
                .isEqualTo("there is no room left to store the response");
        assertThat(table("predict", "x\n1\n").statusCode()).isEqualTo(200);
    }

    /** Waits, since the client may have its response before the service closes the file. */
    private static void assertNoFileIsLeft() {
        Await.until(SpooledOutputStreamTests::countFiles, files -> files == 0);
    }

    /** Counts files that have a name, and open files that have none. */
    private static long countFiles() {
        Path open = Path.of("/proc/self/fd");
        long count = count(FOLDER, "");
        return Files.exists(open) ? count + count(open, FOLDER.toString()) : count;
    }

    private static long count(Path folder, String target) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> leadsTo(file, target)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean leadsTo(Path link, String target) {
        try {
            return target.isEmpty() || Files.readSymbolicLink(link).toString().startsWith(target);
        } catch (IOException e) {
            return false; // closed since
        }
    }

    private HttpResponse<String> table(String operation, String body) {
        return send(request("/models/" + id + "/" + operation)
                .header("Content-Type", "text/csv")
                .header("Accept", operation.startsWith("predict") ? "text/csv" : "application/json")
                .POST(BodyPublishers.ofString(body)));
    }
}
