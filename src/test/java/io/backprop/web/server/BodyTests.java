package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.web.WebTestBase;
import io.backprop.web.problem.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BodyTests extends WebTestBase {

    private static final int LIMIT = 1024 * 1024;

    @Test
    void rejectsBodyOfAnnouncedLengthAboveTheLimit() {
        HttpResponse<String> response = post("/echo/data/xor", " ".repeat(LIMIT + 1));

        assertThat(problem(response, ProblemType.BODY_TOO_LARGE).path("detail").asString())
                .isEqualTo("the body must have at most 1048576 bytes, but has 1048577");
    }

    @Test
    void rejectsChunkedBodyAboveTheLimit() {
        byte[] body = ("{\"inputs\": [" + "[1],".repeat(LIMIT / 4)).getBytes(StandardCharsets.UTF_8);

        HttpResponse<String> response = send(request("/echo/data/xor")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

        assertThat(problem(response, ProblemType.BODY_TOO_LARGE).path("detail").asString())
                .isEqualTo("the body must have at most 1048576 bytes, but has more");
    }

    @Test
    void readsBodyOfExactlyTheLimit() {
        String json = "{\"inputs\": [[1]]}";
        byte[] body = (json + " ".repeat(LIMIT - json.length())).getBytes(StandardCharsets.UTF_8);

        HttpResponse<String> chunked = send(request("/echo/data/xor")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

        assertThat(chunked.statusCode()).isEqualTo(200);
        assertThat(post("/echo/data/xor", new String(body, StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void rejectsTruncatedBody() throws IOException {
        String answer = raw("""
                POST /echo/model HTTP/1.1
                Host: localhost
                Content-Type: application/json
                Content-Length: 100

                {"layerCount": 2""", true);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json", "malformed-request");
    }

    @Test
    void rejectsOtherCharset() {
        HttpResponse<String> response = send(request("/echo/model")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"id\": \"\u00e9t\u00e9\"}", StandardCharsets.ISO_8859_1)));

        assertThat(problem(response, ProblemType.UNREADABLE_BODY).path("detail").asString())
                .startsWith("the body is not UTF-8 (line 1, column ");
    }

    @Test
    void timesOutIfTheBodyDoesNotArrive() throws IOException {
        String answer = raw("""
                POST /echo/model HTTP/1.1
                Host: localhost
                Content-Type: application/json
                Content-Length: 100

                {"layerCount": 2""", false);

        assertThat(answer).startsWith("HTTP/1.1 408").contains("application/problem+json", "request-timeout");
    }

    @Test
    void rejectsInvalidChunks() throws IOException {
        String answer = raw("""
                POST /echo/model HTTP/1.1
                Host: localhost
                Content-Type: application/json
                Transfer-Encoding: chunked

                zz
                {}""", true);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }

    @Test
    void reportsInvalidRequestsAsProblems() throws IOException {
        for (String start : new String[] {"GET /%zz HTTP/1.1", "GET /a|b HTTP/1.1", "G@T / HTTP/1.1", "nonsense"}) {
            String answer = raw(start + "\nHost: localhost\nConnection: close\n\n", true);

            assertThat(answer).as(start).startsWith("HTTP/1.1 400").contains("malformed-request");
            assertThat(answer).as(start).contains("application/problem+json").doesNotContain("<html", "Exception");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CONNECT localhost:80 HTTP/1.1 | Accept: */*                      | 501
            POST /echo/model HTTP/1.1     | Transfer-Encoding: identity      | 501
            POST /echo/model HTTP/1.1     | Transfer-Encoding: gzip, chunked | 501
            GET /echo/answer HTTP/3.0     | Accept: */*                      | 505
            POST /echo/model HTTP/1.1     | Expect: a miracle                | 417
            """)
    void reportsUnsupportedHttpAsProblem(String start, String header, int status) throws IOException {
        String answer = raw(start + "\nHost: localhost\nConnection: close\n" + header + "\n\n", true);

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains("application/problem+json", "/problems/unsupported-http", "\"status\":" + status);
    }

    @Test
    void rejectsLongHeader() throws IOException {
        String answer = raw("GET /echo/answer HTTP/1.1\nHost: localhost\nX: " + "x".repeat(20_000) + "\n\n", true);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("malformed-request", "too long");
    }

    @Test
    void rejectsLargeBodyBeforeItIsSent() throws IOException {
        String answer = raw("""
                POST /echo/model HTTP/1.1
                Host: localhost
                Content-Type: application/json
                Expect: 100-continue
                Content-Length: 100000000
                Connection: close

                """, false);

        assertThat(answer).startsWith("HTTP/1.1 413").contains("body-too-large");
    }

    @Test
    void doesNotLogDisconnectedClientAsError(CapturedOutput output) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write("POST /echo/data/xor HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            .concat("Content-Length: 900\r\n\r\n{\"inputs\": [")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.setSoLinger(true, 0);
        }
        assertThat(get("/echo/answer").statusCode()).isEqualTo(200);
        assertThat(output).doesNotContain("ERROR");
    }

    private String raw(String request, boolean end) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout((int) Await.TIMEOUT.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            if (end) {
                socket.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
