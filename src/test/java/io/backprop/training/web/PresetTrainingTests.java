package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Trainings of models that are created by a preset. */
class PresetTrainingTests extends ServiceTestBase {

    private static final String PRESET = "\"preset\": \"tabular\", \"seed\": 7";

    private JsonNode trainOnTable(String id, String query, String csv) {
        return awaitEnd(send(request("/models/" + id + "/train?" + query)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv))));
    }

    private static String csv(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/data/" + name + ".csv"));
    }

    @Test
    void classifiesByFiveFolds() throws IOException {
        String id = create(PRESET);

        JsonNode training = trainOnTable(id, "target=species", csv("iris"));

        assertThat(training.path("state").asString()).isEqualTo("succeeded");
        assertThat(training.path("epochs").asInt()).isEqualTo(5 * 256);
        assertThat(training.at("/validationMetrics/accuracy").asDouble()).isGreaterThan(0.95);
    }
}
