package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import io.backprop.web.problem.ProblemType;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Remembering an operation changes no other request. */
class OperationMappingTests extends WebTestBase {

    private static final String JSON = "application/json";
    private static final String PATH = "/echo/answer";

    @BeforeEach
    void remember() {
        for (int i = 0; i < 2; i++) {
            assertThat(send(request(PATH).header("Accept", JSON).GET()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void answersTheSameOperationUnderAnotherSpelling() {
        assertThat(send(request("/echo/%61nswer").header("Accept", JSON).GET()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void rejectsUnacceptableTypes() {
        problem(send(request(PATH).header("Accept", "text/plain").GET()), ProblemType.NOT_ACCEPTABLE);
    }

    @Test
    void combinesAcceptHeaders() {
        HttpRequest.Builder request =
                request(PATH).header("Accept", "text/plain").header("Accept", JSON);
        assertThat(send(request.GET()).statusCode()).isEqualTo(200);
    }

    @Test
    void rejectsOtherMethods() {
        HttpResponse<String> response =
                send(request(PATH).header("Accept", JSON).DELETE());
        problem(response, ProblemType.METHOD_NOT_ALLOWED);
        assertThat(header(response, "Allow")).contains("GET");
    }

    @Test
    void describesOptions() {
        HttpResponse<String> response =
                send(request(PATH).header("Accept", JSON).method("OPTIONS", BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(header(response, "Allow")).contains("GET");
    }

    @Test
    void doesNotFindOtherPathsWithTheSameEnd() {
        problem(send(request("/echo/other/answer").header("Accept", JSON).GET()), ProblemType.NOT_FOUND);
        problem(send(request("/answer").header("Accept", JSON).GET()), ProblemType.NOT_FOUND);
    }

    @Test
    void rejectsOtherTypesOfBodies() {
        String path = "/echo/model";
        post(path, "{}");
        HttpResponse<String> response =
                send(request(path).header("Content-Type", "text/plain").POST(BodyPublishers.ofString("{}")));
        problem(response, ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void answersRequestsWithLongTypes() {
        String accept = JSON + ", text/" + "x".repeat(1_000);
        for (int i = 0; i < 2; i++) {
            assertThat(send(request(PATH).header("Accept", accept).GET()).statusCode())
                    .isEqualTo(200);
        }
    }
}
