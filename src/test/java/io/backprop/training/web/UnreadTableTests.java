package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of a request that do not concern its table are reported before the table is read. */
class UnreadTableTests extends ServiceTestBase {

    private static final int PATIENCE_MILLIS = 5_000;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            train                                 | 422 | target is required
            train?target=y&epochs=0               | 422 | epochs must be at least 1, but was 0
            train?target=y&epochs=1000001         | 422 | epochs must be at most 1000000, but was 1000001
            train?target=y&epochs=1.5             | 400 | epochs must be a whole number, but was 1.5
            train?target=y&epoch=1                | 400 | epoch is unknown here
            train?target=y&timeLimitSeconds=1e9   | 422 | timeLimitSeconds must be at most 3600
            train?target=y&earlyStopping.patience=1 | 422 | needs rows for validation
            cross-validate?target=y&folds=1       | 422 | folds must be at least 2, but was 1
            cross-validate?target=y&epochs=300000 | 422 | epochs
            predict                               | 409 | has not been trained yet
            predict?version=7                     | 404 | version 7
            predict?version=x                     | 400 | version must be a whole number, but was "x"
            predict?epochs=1                      | 400 | epochs is unknown here
            evaluate                              | 409 | has not been trained yet
            importance                            | 409 | has not been trained yet
            importance?repeats=0                  | 422 | repeats must be at least 1, but was 0
            """)
    void checksParametersAndModelFirst(String request, int status, String detail) throws IOException {
        String path = "/models/" + create("") + "/" + request;

        assertThat(answerToTheBeginning(path, ""))
                .startsWith("HTTP/1.1 " + status)
                .contains(detail.replace("\"", "\\\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train?target=y", "cross-validate?target=y", "predict", "evaluate", "importance"})
    void rejectsUnknownModelAtOnce(String request) throws IOException {
        assertThat(answerToTheBeginning("/models/missing/" + request, ""))
                .startsWith("HTTP/1.1 404 ")
                .contains("/problems/model-not-found");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Prefer: wait=61            | 422 | must wait 0 to 60 seconds
            If-Match: "other"          | 412 | /problems/version-mismatch
            Idempotency-Key: ä         | 400 | must be printable ASCII
            """)
    void checksHeadersFirst(String header, int status, String detail) throws IOException {
        String path = "/models/" + create("") + "/train?target=y";

        assertThat(answerToTheBeginning(path, header + "\r\n"))
                .startsWith("HTTP/1.1 " + status)
                .contains(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Idempotency-Key: new\r\n"})
    void rejectsModelInTrainingAtOnce(String header) throws IOException {
        String id = create("");
        begin(id, ENDLESS);

        assertThat(answerToTheBeginning("/models/" + id + "/train?target=y", header))
                .startsWith("HTTP/1.1 409 ")
                .contains("\"runningTraining\":\"/models/" + id + "/trainings/1\"");
        delete("/models/" + id);
    }

    @Test
    void respondsToAClientThatSendsEverythingFirst() {
        String rows = "1,2\n".repeat(1 << 20);
        HttpRequest.Builder request = request("/models/missing/train?target=y")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofByteArrays(() -> Stream.generate(() -> rows.getBytes(StandardCharsets.US_ASCII))
                        .limit(50)
                        .iterator()));

        HttpResponse<String> response = send(request);

        problem(response, 404, "model-not-found");
    }

    /** Returns the response to a long table of which only the first lines have been sent. */
    private String answerToTheBeginning(String path, String header) throws IOException {
        String head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 500000000\r\n%s\r\n"
                        .formatted(path, header);
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write((head + "x,y\n1,2\n").getBytes(StandardCharsets.ISO_8859_1));
            Reader answer = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
            StringBuilder text = new StringBuilder();
            for (int next = 0; next >= 0 && next != '}'; text.append((char) next)) {
                next = answer.read();
            }
            return text.toString();
        }
    }
}
