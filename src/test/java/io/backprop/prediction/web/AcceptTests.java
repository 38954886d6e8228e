package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Content negotiation by the Accept header. */
class AcceptTests extends ServiceTestBase {

    private String id = "";

    @BeforeEach
    void train() {
        id = create("\"hidden\": []");
        json(table("train?target=y&epochs=1", "application/json", "x,y\n1,2\n2,3\n"), 200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json;charset=utf-16",
                "text/csv;charset=utf-16",
                "text/csv;charset=iso-8859-1",
                "application/x-ndjson;charset=utf-16"
            })
    void rejectsCharsetsOtherThanUtf8(String accept) {
        problem(predict(accept), 406, "not-acceptable");
        problem(history(accept), 406, "not-acceptable");
        problem(send(request("/models").header("Accept", accept)), 406, "not-acceptable");
    }

    @Test
    void acceptsUtf8() {
        for (String type : List.of("application/json", "text/csv", "application/x-ndjson")) {
            HttpResponse<String> response = predict(type + ";charset=utf-8");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(header(response, "Content-Type").toLowerCase(Locale.ROOT))
                    .isIn(type, type + ";charset=utf-8");
        }
        assertThat(header(history("text/csv;charset=utf-8"), "Content-Type"))
                .isEqualToIgnoringCase("text/csv;charset=utf-8");
    }

    @Test
    void rejectsTypeWithWeightZero() {
        problem(predict("text/csv;q=0"), 406, "not-acceptable");
        problem(history("text/csv;q=0, text/html"), 406, "not-acceptable");
        assertThat(header(predict("text/csv;q=0, application/json;q=0.1"), "Content-Type"))
                .isEqualTo("application/json");
        assertThat(header(predict("text/csv;q=0.001"), "Content-Type")).startsWith("text/csv");
    }

    private HttpResponse<String> predict(String accept) {
        return table("predict", accept, "x\n1\n");
    }

    private HttpResponse<String> history(String accept) {
        return send(request("/models/" + id + "/trainings/1/history").header("Accept", accept));
    }

    private HttpResponse<String> table(String operation, String accept, String body) {
        HttpRequest.Builder request = request("/models/" + id + "/" + operation)
                .header("Content-Type", "text/csv")
                .header("Accept", accept)
                .POST(BodyPublishers.ofString(body));
        return send(request);
    }
}
