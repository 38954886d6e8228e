package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import io.backprop.web.problem.ProblemType;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The id of a request in its response, in problems and in the log. */
@ExtendWith(OutputCaptureExtension.class)
class RequestIdTests extends WebTestBase {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String GENERATED = "[0-9a-f]{16}";

    private static String idOf(HttpResponse<?> response) {
        return header(response, "X-Request-Id");
    }

    private String idFor(String name, String value) {
        return idOf(send(request("/echo/none").header(name, value).GET()));
    }

    @Test
    void eachRequestHasANewId() {
        String first = idOf(get("/echo/none"));
        assertThat(first).matches(GENERATED);
        assertThat(idOf(get("/echo/none"))).matches(GENERATED).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "7f.B_c-9", "0123456789012345678901234567890123456789012345678901234567890123"})
    void keepsTheIdOfTheClient(String id) {
        assertThat(idFor("X-Request-Id", id)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a\tb",
                "é",
                "<script>",
                "a;b",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void replacesInvalidIds(String id) {
        assertThat(idFor("X-Request-Id", id)).matches(GENERATED);
    }

    @Test
    void takesOverTheTraceId() {
        String parent = "00-" + TRACE + "-00f067aa0ba902b7-01";
        assertThat(idFor("traceparent", parent)).isEqualTo(TRACE);
        assertThat(idFor("traceparent", parent.replace("00-4", "cc-4") + "-later"))
                .isEqualTo(TRACE);
        assertThat(idFor("traceparent", parent.replaceAll("[1-9a-f]", "0"))).matches(GENERATED);
        assertThat(idFor("traceparent", parent.toUpperCase(Locale.ROOT))).matches(GENERATED);
        assertThat(idOf(send(request("/echo/none")
                        .header("traceparent", parent)
                        .header("X-Request-Id", "mine")
                        .GET())))
                .isEqualTo("mine");
    }

    @Test
    void problemsHaveTheId() {
        assertThat(problem(get("/none"), ProblemType.NOT_FOUND)
                        .path("requestId")
                        .asString())
                .matches(GENERATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /echo/a|b HTTP/1.1\nHost: localhost", "GET /echo HTTP/1.1"})
    void requestsThatTomcatRejectsHaveAnId(String request) {
        String response = exchange(request.replace("\n", "\r\n") + "\r\n\r\n");

        Matcher header = Pattern.compile("X-Request-Id: (" + GENERATED + ")").matcher(response);
        assertThat(response).startsWith("HTTP/1.1 400");
        assertThat(header.find()).as(response).isTrue();
        assertThat(response).contains("\"requestId\":\"" + header.group(1) + "\"");
    }

    @Test
    void theLogShowsTheId(CapturedOutput output) {
        HttpResponse<String> response = send(request("/echo/fail/first%0A2026-11-28%20ERROR%20forged%1B%5B31m%0D2026")
                .header("X-Request-Id", "logged-1")
                .GET());

        json(response, 500);
        assertThat(output.getOut()).containsPattern("ERROR .* \\[logged-1] .* GET /echo/fail/first%0A\\S+ failed");
        assertThat(output.getOut()).contains("ERROR forged").doesNotContainPattern("(?m)^2026-11-28 ERROR forged");
        assertThat(output.getOut()).doesNotContain("\u001b[31m", "\r2026");
    }
}
