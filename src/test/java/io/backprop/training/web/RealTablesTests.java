package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Metrics of networks on held-out rows of well-known tables; means of five seeds. */
class RealTablesTests extends ServiceTestBase {

    private static final int SEEDS = 5;

    @ParameterizedTest
    @CsvSource({
        "iris, target=species, accuracy, 0.92",
        "breast_cancer, target=diagnosis, accuracy, 0.97",
        "penguins, target=species, accuracy, 0.98",
        "diabetes, target=progression&earlyStopping.patience=10, r2, 0.42"
    })
    void predictsHeldOutFifthWell(String table, String query, String metric, double atLeast) throws IOException {
        double sum = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            String id = create("\"hidden\": [{\"units\": 64}, {\"units\": 32}], \"seed\": " + seed);
            JsonNode training = awaitEnd(send(request("/models/%s/train?validationSplit=0.2&%s".formatted(id, query))
                    .header("Content-Type", "text/csv")
                    .POST(BodyPublishers.ofFile(Path.of("src/test/resources/data/" + table + ".csv")))));
            sum += training.at("/validationMetrics/" + metric).asDouble();
        }
        System.out.printf("%s: %s %.4f, mean of %d seeds%n", table, metric, sum / SEEDS, SEEDS);
        assertThat(sum / SEEDS).isGreaterThanOrEqualTo(atLeast);
    }
}
