package io.backprop.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class ProblemTests extends WebTestBase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            model-not-found    | MODEL_NOT_FOUND    | there is no model "xor"
            model-exists       | MODEL_EXISTS       | there is a model "xor" already; choose another id or delete it first
            model-not-trained  | MODEL_NOT_TRAINED  | the model "xor" has not been trained yet; train it first
            version-mismatch   | VERSION_MISMATCH   | the model "xor" has changed: its ETag is now "b-2"
            limit-exceeded     | LIMIT_EXCEEDED     | hidden has too many layers
            version-not-found  | VERSION_NOT_FOUND  | version 3 of the model "xor" is not kept; the current version is 1
            model-in-training  | TRAINING_RUNNING   | the model "xor" is being trained; wait for the training or cancel it
            invalid-argument   | INVALID_FIELD      | units must be at least 1, but was 0
            invalid-input      | INVALID_FIELD      | inputs has rows of 3, but the model takes 2
            training-not-found | TRAINING_NOT_FOUND | the model "xor" has no training 7
            training-running   | TRAINING_RUNNING   | training 3 of the model "xor" is still running; wait for it or cancel it
            queue-full         | QUEUE_FULL         | all 100 places in the queue of trainings are taken; try again later
            bug                | INTERNAL_ERROR     | The service met an error of its own. Its log says more.
            """)
    void domainExceptionsBecomeProblems(String how, ProblemType type, String detail) {
        JsonNode problem = problem(get("/echo/fail/" + how), type);

        assertThat(problem.path("detail").asString()).isEqualTo(detail);
    }

    @Test
    void problemsCarryWhatAClientNeedsToGoOn() {
        assertThat(json(get("/echo/fail/training-running")).path("training").asString())
                .isEqualTo("/models/xor/trainings/3");
        assertThat(get("/echo/fail/queue-full").headers().firstValue("Retry-After"))
                .hasValue("5");
        assertOneError(
                get("/echo/fail/invalid-input"),
                ProblemType.INVALID_FIELD,
                "/inputs",
                "inputs has rows of 3, but the model takes 2");
    }

    @Test
    void unknownExceptionIsLoggedAndKeptFromTheClient(CapturedOutput output) {
        HttpResponse<String> response = get("/echo/fail/bug");

        assertThat(response.body()).doesNotContain("secret");
        assertThat(output).contains("GET /echo/fail/bug failed").contains("IllegalStateException: secret");
    }

    @Test
    void requestWithoutEnoughMemoryMayBeSentAgain(CapturedOutput output) {
        HttpResponse<String> response = get("/echo/memory");

        assertThat(problem(response, ProblemType.UNAVAILABLE).path("detail").asString())
                .isEqualTo("not enough memory for this request at the moment");
        assertThat(header(response, "Retry-After")).isEqualTo("5");
        assertThat(output)
                .contains("GET /echo/memory ran out of memory: of a test")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({"text/html", "text/csv", "image/png", "application/xml", "text/event-stream", "*/*"})
    void problemsAreJsonWhateverTheClientAccepts(String accept) {
        problem(send(request("/echo/fail/model-exists").header("Accept", accept)), ProblemType.MODEL_EXISTS);
        problem(send(request("/nothing").header("Accept", accept)), ProblemType.NOT_FOUND);
        problem(send(request("/error").header("Accept", accept)), ProblemType.NOT_FOUND);
    }

    @Test
    void httpsOwnRefusalsAreProblems() {
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
    void bodyOfATypeThatIsNoneIsNotSupported(String type) {
        HttpResponse<String> response =
                send(request("/echo/model").header("Content-Type", type).POST(BodyPublishers.ofString("{}")));

        assertThat(problem(response, ProblemType.UNSUPPORTED_MEDIA_TYPE)
                        .path("detail")
                        .asString())
                .isEqualTo("the body must be application/json, but was " + type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/*", "application/*;charset=utf-8", "application/*+json"})
    void bodyOfAllTypesAtOnceIsNotSupported(String range) {
        for (String path : List.of("/echo/model", "/echo/table", "/echo/bytes")) {
            HttpResponse<String> response =
                    send(request(path).header("Content-Type", range).POST(BodyPublishers.ofString("{}")));

            assertThat(problem(response, ProblemType.UNSUPPORTED_MEDIA_TYPE)
                            .path("detail")
                            .asString())
                    .isEqualTo("the body's Content-Type must be a single type, but was \"" + range + '"');
        }
    }

    @Test
    void acceptHeaderThatIsNonsenseIsNotAcceptable() {
        problem(send(request("/echo/answer").header("Accept", "nonsense")), ProblemType.NOT_ACCEPTABLE);
    }

    @Test
    void multipartAndFormsAreNotSupported() {
        HttpResponse<String> multipart = send(request("/echo/model")
                .header("Content-Type", "multipart/form-data")
                .POST(BodyPublishers.ofString("broken")));
        problem(multipart, ProblemType.UNSUPPORTED_MEDIA_TYPE);
        HttpResponse<String> form = send(request("/echo/model")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("layerCount=2")));
        problem(form, ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeHasAPage(ProblemType type) {
        HttpResponse<String> page = get("/problems/" + type.slug());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.body()).contains(type.title()).contains("What to do");
        assertThat(get("/problems").body()).contains("/problems/" + type.slug());
    }

    @Test
    void unknownProblemIsNotFound() {
        problem(get("/problems/nonsense"), ProblemType.NOT_FOUND);
    }

    @Test
    void titlesAreDistinct() {
        Set<String> titles =
                Arrays.stream(ProblemType.values()).map(ProblemType::title).collect(Collectors.toSet());

        assertThat(titles).hasSameSizeAs(ProblemType.values());
    }
}
