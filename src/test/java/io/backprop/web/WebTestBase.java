package io.backprop.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.HttpTestBase;
import io.backprop.web.problem.ProblemType;
import java.net.http.HttpResponse;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.JsonNode;

/** A real server with the shared web layer alone, body limits of 1 and 2 MB and little patience. */
@SpringBootTest(
        classes = WebTestApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoint.health.validate-group-membership=false", // there is no store
            "backprop.limits.body=1MB",
            "backprop.limits.stream=2MB",
            "management.endpoint.health.validate-group-membership=false", // there is no store
            "server.tomcat.connection-timeout=3s",
            "server.tomcat.keep-alive-timeout=60s"
        })
public abstract class WebTestBase extends HttpTestBase {

    protected JsonNode problem(HttpResponse<String> response, ProblemType type) {
        return problem(response, type.status().value(), type.slug());
    }

    protected void assertOneError(HttpResponse<String> response, ProblemType type, String pointer, String detail) {
        JsonNode errors = problem(response, type).path("errors");
        assertThat(errors.size()).as(response.body()).isEqualTo(1);
        assertThat(errors.path(0).path("pointer").asString()).isEqualTo(pointer);
        assertThat(errors.path(0).path("detail").asString()).isEqualTo(detail);
    }
}
