package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Compares a response with a documented one, which may omit fields and replace values by {@code "…"}. */
final class JsonMatcher {

    private static final String ANYTHING = "…";

    private final Set<String> changing;

    /**
     * @param changing names of fields whose values are not compared
     */
    JsonMatcher(Set<String> changing) {
        this.changing = changing;
    }

    void assertMatches(JsonNode documented, JsonNode actual) {
        assertMatches(documented, actual, "");
    }

    private void assertMatches(JsonNode documented, JsonNode actual, String path) {
        if (documented.isString() && documented.asString().equals(ANYTHING)) {
            assertThat(actual.isMissingNode()).as("%s is missing", path).isFalse();
        } else if (documented.isObject()) {
            documented.propertyStream().forEach(field -> {
                assertThat(actual.has(field.getKey()))
                        .as(path + "/" + field.getKey())
                        .isTrue();
                if (!changing.contains(field.getKey())) {
                    assertMatches(field.getValue(), actual.get(field.getKey()), path + "/" + field.getKey());
                }
            });
        } else if (documented.isArray()) {
            assertThat(actual.size()).as(path).isEqualTo(documented.size());
            for (int i = 0; i < documented.size(); i++) {
                assertMatches(documented.get(i), actual.get(i), path + "/" + i);
            }
        } else if (documented.isNumber()) {
            assertThat(actual.doubleValue()).as(path).isEqualTo(documented.doubleValue());
        } else {
            assertThat(actual).as(path).isEqualTo(documented);
        }
    }
}
