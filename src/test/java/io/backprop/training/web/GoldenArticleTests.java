package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Compares the article's network, trained over HTTP epoch by epoch, with a reference in double precision. */
class GoldenArticleTests extends ServiceTestBase {

    static Stream<JsonNode> cases() throws IOException {
        try (InputStream golden = GoldenArticleTests.class.getResourceAsStream("/golden/classic.json")) {
            JsonNode cases = new JsonMapper().readTree(Objects.requireNonNull(golden));
            return IntStream.range(0, cases.size()).mapToObj(cases::get);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyEpochMatchesTheReference(JsonNode golden) {
        String id = createFrom(golden);
        json(put("/models/" + id + "/parameters", parameters(golden).toString()), 200);
        String data = "\"inputs\": %s, \"targets\": %s".formatted(golden.path("inputs"), golden.path("targets"));

        for (JsonNode epoch : golden.path("epochs")) {
            JsonNode training = train(id, data + ", \"epochs\": 1");

            assertClose("loss", training.path("loss"), epoch.path("loss"));
            assertClose("", json(get("/models/" + id + "/parameters"), 200), parameters(epoch));
        }
        JsonNode answer = predict(id, golden.path("inputs").toString());
        assertClose("predictions", answer.path("predictions"), golden.path("predictions"));
    }

    private String createFrom(JsonNode golden) {
        JsonNode widths = golden.path("widths");
        ArrayNode hidden = mapper.createArrayNode();
        for (int layer = 1; layer < widths.size() - 1; layer++) {
            hidden.add(widths.path(layer).asInt());
        }
        return create(
                """
                "layerCount": %d, "hiddenUnits": %s, "learningRate": %s, "outputActivation": %s""".formatted(widths.size() - 1, hidden, golden.path("learningRate"), golden.path("outputActivation")));
    }

    private ObjectNode parameters(JsonNode source) {
        ObjectNode parameters = mapper.createObjectNode();
        ArrayNode layers = parameters.putArray("layers");
        for (int layer = 0; layer < source.path("weights").size(); layer++) {
            ObjectNode node = layers.addObject();
            node.set("weights", source.path("weights").path(layer));
            node.set("biases", source.path("biases").path(layer));
        }
        return parameters;
    }

    private static void assertClose(String path, JsonNode actual, JsonNode expected) {
        assertThat(actual.isNumber()).as(path).isEqualTo(expected.isNumber());
        if (expected.isNumber()) {
            double tolerance = Math.max(1e-6, 1e-5 * Math.abs(expected.asDouble()));
            assertThat(actual.asDouble()).as(path).isCloseTo(expected.asDouble(), Offset.offset(tolerance));
        }
        assertThat(actual.size()).as(path).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertClose(path + "/" + i, actual.path(i), expected.path(i));
        }
        for (String name : expected.propertyNames()) {
            assertClose(path + "/" + name, actual.path(name), expected.path(name));
        }
    }
}
