package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Validation metrics of each epoch. */
class ValidationMetricsTests extends ServiceTestBase {

    private static final String VALIDATED = XOR + """
            , "validationInputs": [[0,0],[0,1],[1,1]], "validationTargets": %s, "epochs": %d""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "task": "regression"                   | [0,1,0]   | r2
            "task": "classification"               | [0,1,0]   | accuracy
            "hidden": [], "task": "classification" | [0,1,0]   | accuracy
            "layerCount": 2                        | [0,1,0]   | accuracy
            "layerCount": 2                        | [0,1,0.5] | r2
            """)
    void everyEpochHasTheMetricOfTheTraining(String fields, String targets, String metric) {
        JsonNode training = train(create(fields), VALIDATED.formatted(targets, 20));

        JsonNode metrics = history(training).path("validationMetrics");
        assertThat(metrics.propertyNames()).containsExactly(metric);
        assertThat(training.path("validationMetrics").propertyNames()).contains(metric);
        assertThat(metrics.path(metric).size()).isEqualTo(20);
        assertThat(metrics.path(metric).path(19))
                .isEqualTo(training.path("validationMetrics").path(metric));
    }

    @Test
    void metricsEqualAnEvaluationAfterTheEpoch() {
        String fields = "\"seed\": 1, \"hiddenUnits\": [4], \"learningRate\": 0.5";
        JsonNode metrics = history(train(create(fields), VALIDATED.formatted("[0,1,0.5]", 9)))
                .at("/validationMetrics/r2");
        for (int epoch = 1; epoch <= 9; epoch++) {
            String id = create(fields);
            train(id, XOR + ", \"epochs\": " + epoch);
            String held = "{\"inputs\": [[0,0],[0,1],[1,1]], \"targets\": [0,1,0.5]}";
            assertThat(metrics.path(epoch - 1))
                    .isEqualTo(
                            json(post("/models/" + id + "/evaluate", held), 200).at("/metrics/r2"));
        }
    }

    @Test
    void undefinedMetricIsNull() {
        String id = create("\"task\": \"regression\"");
        String oneRow = ", \"validationInputs\": [[0,0]], \"validationTargets\": [0.1], \"epochs\": 2";
        JsonNode training = train(id, XOR + oneRow);

        assertThat(history(training).path("validationMetrics").toString()).isEqualTo("{\"r2\":[null,null]}");
        assertThat(training.at("/validationMetrics/r2").isNull()).isTrue();
        assertThat(send(request("/models/" + id + "/trainings/1/history")
                                .header("Accept", "text/csv")
                                .GET())
                        .body()
                        .lines())
                .hasSize(3)
                .startsWith("epoch,loss,validation_loss,validation_r2")
                .element(2)
                .asString()
                .endsWith(",");
    }

    @Test
    void thinsMetricsWithTheLosses() {
        String id = create("\"seed\": 1");
        train(id, VALIDATED.formatted("[0,1,0.5]", 2500));
        String path = "/models/" + id + "/trainings/1/history";

        JsonNode all = json(get(path), 200).at("/validationMetrics/r2");
        JsonNode thinned = json(get(path + "?points=1000"), 200);

        assertThat(thinned.path("epochs").size()).isEqualTo(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(thinned.at("/validationMetrics/r2/" + i))
                    .isEqualTo(all.path(thinned.at("/epochs/" + i).asInt() - 1));
        }
    }
}
