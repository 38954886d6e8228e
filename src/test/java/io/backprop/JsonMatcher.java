package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Compares an answer with the one that a document shows, which may leave out fields and the values of some. */
final class JsonMatcher {

    private static final String ANYTHING = "…";

    private final Set<String> changing;

    /**
     * @param changing names of fields that have another value each time, or a longer one
     */
    JsonMatcher(Set<String> changing) {
        this.changing = changing;
    }

    void assertMatches(JsonNode shown, JsonNode actual) {
        assertMatches(shown, actual, "");
    }

    private void assertMatches(JsonNode shown, JsonNode actual, String path) {
        if (shown.isString() && shown.asString().equals(ANYTHING)) {
            assertThat(actual.isMissingNode()).as("%s is missing", path).isFalse();
        } else if (shown.isObject()) {
            shown.propertyStream().forEach(field -> {
                assertThat(actual.has(field.getKey()))
                        .as(path + "/" + field.getKey())
                        .isTrue();
                if (!changing.contains(field.getKey())) {
                    assertMatches(field.getValue(), actual.get(field.getKey()), path + "/" + field.getKey());
                }
            });
        } else if (shown.isArray()) {
            assertThat(actual.size()).as(path).isEqualTo(shown.size());
            for (int i = 0; i < shown.size(); i++) {
                assertMatches(shown.get(i), actual.get(i), path + "/" + i);
            }
        } else if (shown.isNumber()) {
            assertThat(actual.doubleValue()).as(path).isEqualTo(shown.doubleValue());
        } else {
            assertThat(actual).as(path).isEqualTo(shown);
        }
    }
}
