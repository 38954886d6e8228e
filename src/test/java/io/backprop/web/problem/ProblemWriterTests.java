package io.backprop.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class ProblemWriterTests {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void writesProblemWithItsInstance() throws IOException {
        write("/models/xor");

        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(response.getContentType()).isEqualTo("application/problem+json");
        assertThat(response.getContentLength()).isEqualTo(response.getContentAsByteArray().length);
        assertThat(response.getContentAsString())
                .contains("\"type\":\"/problems/too-many-requests\"", "\"instance\":\"/models/xor\"", "\"status\":429");
    }

    @Test
    void omitsInstanceThatIsNoUri() throws IOException {
        write("/models/{id}");

        assertThat(response.getContentAsString()).contains("too-many-requests").doesNotContain("{id}");
    }

    @Test
    void countsProblemsByType() throws IOException {
        write("/models");
        write("/trainings");

        assertThat(registry.get("backprop.problems")
                        .tags("type", "too-many-requests", "status", "429")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    private void write(String path) throws IOException {
        JsonMapper mapper = JsonMapper.builder()
                .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
                .build();
        new ProblemWriter(mapper, List.of(new ProblemMetrics(registry)), new ErrorFormats(List.of()))
                .write(
                        ProblemType.TOO_MANY_REQUESTS.problem("slow down"),
                        new MockHttpServletRequest("GET", path),
                        response);
    }
}
