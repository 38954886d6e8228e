package io.backprop.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ValidationTests extends WebTestBase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"layerCount": 0}               | /layerCount      | must be at least 1, but was 0
            {"layerCount": -1}              | /layerCount      | must be at least 1, but was -1
            {"layerCount": 65}              | /layerCount      | must be at most 64, but was 65
            {"learningRate": 0}             | /learningRate    | must be greater than 0, but was 0.0
            {"l2": -0.5}                    | /l2              | must be greater than 0, but was -0.5
            {"hidden": []}                  | /hidden          | must have a length of 1 to 3, but has 0
            {"hidden": [{"units": 0}]}      | /hidden/0/units  | must be at least 1, but was 0
            {"hidden": [{"units": 1}, {}]}  | /hidden/1/units  | is required
            {"hidden": [{"units": 1}, null]} | /hidden/1       | is required
            {"hiddenUnits": [2, null]}      | /hiddenUnits/1   | is required
            {"id": "NO"}                    | /id              | must match [a-z0-9]*, but was "NO"
            {"id": "${1+1}"}                | /id              | must match [a-z0-9]*, but was "${1+1}"
            {"id": "{max}"}                 | /id              | must match [a-z0-9]*, but was "{max}"
            """)
    void rejectsInvalidValue(String json, String pointer, String detail) {
        assertOneError(post("/echo/model", json), ProblemType.INVALID_FIELD, pointer, detail);
    }

    @Test
    void namesEveryInvalidFieldAndShortensReceivedValues() {
        String json = "{\"layerCount\": 0, \"id\": \"" + "X".repeat(5_000) + "\"}";

        JsonNode problem = problem(post("/echo/model", json), ProblemType.INVALID_FIELD);

        assertThat(problem.path("errors").size()).isEqualTo(3);
        assertThat(problem.path("errors").findValuesAsString("pointer"))
                .containsExactlyInAnyOrder("/id", "/id", "/layerCount");
        assertThat(problem.toString())
                .hasSizeLessThan(1_500)
                .contains("X".repeat(60) + "…")
                .doesNotContain("X".repeat(61));
        assertThat(problem.toString()).contains("must have a length of at most 8, but has 5000");
        assertThat(problem.path("detail").asString()).contains("layerCount must be at least 1, but was 0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            limit=0&of=a    | 422 | invalid-field | limit | must be at least 1, but was 0
            limit=101&of=a  | 422 | invalid-field | limit | must be at most 100, but was 101
            limit=many&of=a | 400 | unreadable-parameter | limit | must be a whole number, but was "many"
            limit=1.5&of=a  | 400 | unreadable-parameter | limit | must be a whole number, but was "1.5"
            limit=0x10&of=a | 400 | unreadable-parameter | limit | must be a whole number, but was "0x10"
            limit=%2B1&of=a | 400 | unreadable-parameter | limit | must be a whole number, but was "+1"
            limit=%201&of=a | 400 | unreadable-parameter | limit | must be a whole number, but was " 1"
            limit=01&of=a   | 400 | unreadable-parameter | limit | must be a whole number, but was "01"
            limit=%D9%A3&of=a | 400 | unreadable-parameter | limit | must be a whole number, but was "٣"
            limit=2147483648&of=a | 400 | unreadable-parameter | limit | must be a whole number from -2147483648 to 2147483647, but was "2147483648"
            limit=1&limit=2&of=a  | 400 | unreadable-parameter | limit | is given more than once
            version=0x1&of=a | 400 | unreadable-parameter | version | must be a whole number, but was "0x1"
            version=&of=a   | 400 | unreadable-parameter | version | must be a whole number, but was ""
            keep=yes&of=a   | 400 | unreadable-parameter | keep  | must be true or false, but was "yes"
            keep=on&of=a    | 400 | unreadable-parameter | keep  | must be true or false, but was "on"
            keep=1&of=a     | 400 | unreadable-parameter | keep  | must be true or false, but was "1"
            keep=TRUE&of=a  | 400 | unreadable-parameter | keep  | must be true or false, but was "TRUE"
            limit=1         | 422 | invalid-field | of    | is required
            """)
    void rejectsInvalidParameter(String query, int status, String slug, String name, String detail) {
        JsonNode error =
                problem(get("/echo/list?" + query), status, slug).path("errors").path(0);

        assertThat(error.path("parameter").asString()).isEqualTo(name);
        assertThat(error.path("detail").asString()).isEqualTo(detail);
        assertThat(error.has("pointer")).isFalse();
    }

    @Test
    void acceptsParametersOfTheRightType() {
        assertThat(json(get("/echo/list?limit=7&of=a&version=-9223372036854775808&keep=true"), 200)
                        .path("a")
                        .asInt())
                .isEqualTo(7);
    }
}
