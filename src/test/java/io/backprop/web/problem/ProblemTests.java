package io.backprop.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class ProblemTests extends WebTestBase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            limit-exceeded   | limit-exceeded | 422 | hidden has too many layers
            memory-busy      | unavailable    | 503 | not enough memory for this request at the moment
            invalid-argument | invalid-field  | 422 | units must be at least 1, but was 0
            table            | invalid-field  | 422 | row 3 has no target
            bug              | internal-error | 500 | the service failed unexpectedly; the cause is in its log
            """)
    void translatesExceptionsOfLowerPackages(String how, String slug, int status, String detail) {
        JsonNode problem = problem(get("/echo/fail/" + how), status, slug);

        assertThat(problem.path("detail").asString()).isEqualTo(detail);
    }

    @Test
    void rejectsInvalidAcceptHeaderOfActuator() {
        problem(send(request("/actuator/health").header("Accept", ",")), 406, "not-acceptable");
    }

    @Test
    void tellsWhenToRetryAndWhichFieldIsInvalid() {
        assertThat(header(get("/echo/fail/memory-busy"), "Retry-After")).isEqualTo("5");
        assertOneError(get("/echo/fail/table"), ProblemType.INVALID_FIELD, "/rows", "row 3 has no target");
    }

    @Test
    void logsUnexpectedExceptionsAndHidesThemFromTheClient(CapturedOutput output) {
        HttpResponse<String> response = get("/echo/fail/bug");

        assertThat(response.body()).doesNotContain("secret");
        assertThat(output).contains("GET /echo/fail/bug failed").contains("IllegalStateException: secret");
    }

    @Test
    void reportsShortageOfMemoryAsUnavailable(CapturedOutput output) {
        HttpResponse<String> response = get("/echo/memory");

        assertThat(problem(response, ProblemType.UNAVAILABLE).path("detail").asString())
                .isEqualTo("not enough memory for this request at the moment");
        assertThat(header(response, "Retry-After")).isEqualTo("5");
        assertThat(output)
                .contains("GET /echo/memory ran out of memory: of a test")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({"text/html", "text/csv", "image/png", "application/xml", "text/event-stream", "*/*", "nonsense"})
    void writesProblemsAsJsonWhateverTheClientAccepts(String accept) {
        problem(send(request("/echo/fail/table").header("Accept", accept)), ProblemType.INVALID_FIELD);
        problem(send(request("/nothing").header("Accept", accept)), ProblemType.NOT_FOUND);
        problem(send(request("/error").header("Accept", accept)), ProblemType.NOT_FOUND);
    }

    @Test
    void reportsViolationsOfHttpAsProblems() {
        HttpResponse<String> put = send(request("/echo/list").PUT(BodyPublishers.ofString("{}")));
        assertThat(problem(put, ProblemType.METHOD_NOT_ALLOWED).path("detail").asString())
                .isEqualTo("PUT is not allowed here; allowed: GET");
        assertThat(put.headers().firstValue("Allow")).hasValue("GET");

        HttpResponse<String> text = send(
                request("/echo/model").header("Content-Type", "text/plain").POST(BodyPublishers.ofString("hello")));
        assertThat(problem(text, ProblemType.UNSUPPORTED_MEDIA_TYPE)
                        .path("detail")
                        .asString())
                .isEqualTo("the body must be application/json, but was text/plain");

        HttpResponse<String> untyped = send(request("/echo/model").POST(BodyPublishers.ofString("{}")));
        assertThat(problem(untyped, ProblemType.UNSUPPORTED_MEDIA_TYPE)
                        .path("detail")
                        .asString())
                .isEqualTo("the body must be application/json, but no Content-Type was given");

        HttpResponse<String> html = send(request("/echo/data/xor")
                .header("Accept", "text/html")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"inputs\": [[1]]}")));
        assertThat(problem(html, ProblemType.NOT_ACCEPTABLE).path("detail").asString())
                .contains("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "json", "application/json;charset=nope", "application/json, text/csv"})
    void rejectsInvalidContentType(String type) {
        HttpResponse<String> response =
                send(request("/echo/model").header("Content-Type", type).POST(BodyPublishers.ofString("{}")));

        assertThat(problem(response, ProblemType.UNSUPPORTED_MEDIA_TYPE)
                        .path("detail")
                        .asString())
                .isEqualTo("the body must be application/json, but was " + type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/*", "application/*;charset=utf-8", "application/*+json"})
    void rejectsRangeOfContentTypes(String range) {
        for (String path : List.of("/echo/model", "/echo/table", "/echo/bytes")) {
            HttpResponse<String> response =
                    send(request(path).header("Content-Type", range).POST(BodyPublishers.ofString("{}")));

            assertThat(problem(response, ProblemType.UNSUPPORTED_MEDIA_TYPE)
                            .path("detail")
                            .asString())
                    .startsWith("the body")
                    .contains(", but was ", range);
        }
    }

    @Test
    void rejectsInvalidAcceptHeader() {
        problem(send(request("/echo/answer").header("Accept", "nonsense")), ProblemType.NOT_ACCEPTABLE);
    }

    @Test
    void rejectsMultipartBodiesAndForms() {
        HttpResponse<String> multipart = send(request("/echo/model")
                .header("Content-Type", "multipart/form-data")
                .POST(BodyPublishers.ofString("broken")));
        problem(multipart, ProblemType.UNSUPPORTED_MEDIA_TYPE);
        HttpResponse<String> form = send(request("/echo/model")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("layerCount=2")));
        problem(form, ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void unknownProblemHasNoPage() {
        problem(get("/problems/nonsense"), ProblemType.NOT_FOUND);
    }
}
