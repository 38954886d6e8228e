package io.backprop.web.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiTests extends WebTestBase {

    private JsonNode document;

    @BeforeEach
    void read() {
        document = json(get("/v3/api-docs"), 200);
    }

    @Test
    void describesTheService() {
        assertThat(document.at("/openapi").asString()).startsWith("3.1");
        assertThat(document.at("/info/title").asString()).isEqualTo("backprop");
        assertThat(document.at("/info/license/name").asString()).isEqualTo("Apache-2.0");
        assertThat(document.at("/info/version").asString()).isNotBlank();
    }

    @Test
    void operationsDescribeTheirProblems() {
        JsonNode responses = document.at("/paths/~1echo~1data~1{id}/post/responses");

        assertThat(responses.propertyNames())
                .containsExactlyInAnyOrder("200", "400", "404", "409", "413", "415", "422", "429", "503", "default");
        assertThat(responses.at("/404/description").asString()).isEqualTo("No such id");
        assertThat(responses
                        .at("/404/content/application~1problem+json/schema/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/Problem");
        assertThat(responses.at("/429/headers").propertyNames())
                .containsExactlyInAnyOrder("Retry-After", "RateLimit-Policy", "RateLimit");
        assertThat(document.at("/paths/~1echo~1list/get/responses").propertyNames())
                .containsExactlyInAnyOrder("200", "400", "422", "429", "503", "default");
        assertThat(document.at("/paths").propertyNames()).allMatch(path -> path.startsWith("/echo"));
    }

    @Test
    void schemasMatchTheJson() {
        JsonNode schemas = document.at("/components/schemas");

        assertThat(schemas.at("/DataRequest/properties/inputs/items/items/type").asString())
                .isEqualTo("number");
        assertThat(schemas.at("/DataRequest/properties/targets/type").toString())
                .isEqualTo("[\"array\",\"null\"]");
        assertThat(schemas.at("/DataRequest/required").toString()).isEqualTo("[\"inputs\"]");
        assertThat(schemas.at("/ModelRequest/properties/loss/enum").toString())
                .isEqualTo("[\"mean_squared_error\",\"huber\",null]");
        assertThat(schemas.at("/ModelRequest/properties/layerCount/maximum").asInt())
                .isEqualTo(64);
        assertThat(schemas.at("/FieldProblem/properties").propertyNames())
                .containsExactly("pointer", "parameter", "detail");
        assertThat(schemas.has("Matrix")).isFalse();
    }

    @Test
    void swaggerUiHasAPage() {
        HttpResponse<String> response = get("/swagger-ui.html");

        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(header(response, "Location")).isEqualTo("/swagger-ui/index.html");
        assertThat(get("/swagger-ui/index.html").statusCode()).isEqualTo(200);
    }
}
