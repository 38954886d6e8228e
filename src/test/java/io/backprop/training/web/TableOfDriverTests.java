package io.backprop.training.web;

import static io.backprop.training.web.DriverClient.bytes;
import static io.backprop.training.web.DriverClient.text;
import static io.backprop.training.web.DriverClient.withLease;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import io.backprop.driver.Preparation;
import io.backprop.driver.ResultPacket;
import io.backprop.driver.TrainingClaim;
import io.backprop.driver.TrainingResultReport;
import io.backprop.engine.Examples;
import io.backprop.engine.Network;
import io.backprop.engine.Shard;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingResult;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.ExampleRows;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableColumns;
import io.backprop.tabular.TableFit;
import io.backprop.tabular.TableQuantiles;
import io.backprop.tabular.TableScan;
import io.backprop.tabular.Warnings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A table that a driver reads, fits and trains on gives the same network as its rows that are sent to the service. */
class TableOfDriverTests extends ServiceTestBase {

    private static final Path PENGUINS = Path.of("src/test/resources/data/penguins.csv");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "hidden": [8]                          | species     | 0
        "hidden": [8], "calibrate": true       | species     | 0.2
        "hidden": [8, 4], "batchSize": 100     | body_mass_g | 0.2
        "preset": "tabular", "hidden": [16]    | sex         | 0.3
        """)
    void trainsTheSameNetworkAsTheService(String model, String target, float validationSplit) throws Exception {
        String options = "\"target\": \"%s\", \"epochs\": 4, \"shards\": 8, \"validationSplit\": %s"
                .formatted(target, validationSplit);
        String sent = create(model);
        JsonNode local = awaitEnd(send(request("/models/%s/train?target=%s&epochs=4&shards=8&validationSplit=%s"
                        .formatted(sent, target, validationSplit))
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofFile(PENGUINS))));
        String read = create(model);
        json(begin(read, "\"table\": \"penguins\", " + options), 202);
        DriverClient driver = new DriverClient(port);
        TrainingClaim claim = driver.claim();
        assertThat(claim.model()).isEqualTo(read);

        Preparation preparation = driver.prepare(claim, fit(claim.options()));
        Network network = driver.network(claim);
        TrainingData data = data(preparation);
        TrainingResult result = Trainer.start(network, preparation.plan(), data)
                .withTargets(preparation.target(), preparation.rows().columns().targets()::invert)
                .measuring(preparation.target().keyMetric())
                .train(TrainingListener.NONE);
        TrainingResultReport report =
                new TrainingResultReport(result.stopReason(), result.bestEpoch(), 1, 1, List.of(), null);
        ResultPacket packet =
                new ResultPacket(report, result.history(), result.network().parameterVector());
        HttpResponse<byte[]> published = driver.post(withLease(claim, "result"), bytes(packet, 4));
        assertThat(published.statusCode()).as(text(published)).isEqualTo(200);

        JsonNode training = mapper.readTree(text(published));
        assertThat(json(get("/models/%s/parameters".formatted(read)), 200).path("layers"))
                .isEqualTo(
                        json(get("/models/%s/parameters".formatted(sent)), 200).path("layers"));
        assertThat(training.path("loss")).isEqualTo(local.path("loss"));
        assertThat(training.path("validationLoss")).isEqualTo(local.path("validationLoss"));
        assertThat(training.path("bestEpoch")).isEqualTo(local.path("bestEpoch"));
        assertThat(training.path("examples")).isEqualTo(local.path("examples"));
        assertThat(training.at("/settings/validationExamples")).isEqualTo(local.at("/settings/validationExamples"));
        assertThat(model(read).path("features")).isEqualTo(model(sent).path("features"));
        assertThat(model(read).path("classes")).isEqualTo(model(sent).path("classes"));
    }

    private static void read(RowSink sink) {
        try (InputStream csv = Files.newInputStream(PENGUINS)) {
            CsvTables.read(csv, sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FittedTable fit(FitOptions options) {
        TableScan scan = new TableScan(options.cells(), options.division(), "");
        read(scan);
        TableColumns columns = scan.resolve(options);
        TableFit fit = new TableFit(columns, "");
        read(fit);
        TableQuantiles quantiles = fit.quantiles();
        if (quantiles.isNeeded()) {
            read(quantiles);
        }
        return fit.result(quantiles);
    }

    private static TrainingData data(Preparation preparation) {
        List<ExampleRows.Batch> batches = new ArrayList<>();
        ExampleRows rows = new ExampleRows(preparation.rows(), "", new Warnings(), batches::add);
        read(rows);
        rows.finish();
        assertThat(batches).hasSize(1);
        ExampleRows.Batch batch = batches.get(0);
        Examples all = batch.examples();
        int[] validation = batch.validation().stream().toArray();
        int[] training = IntStream.range(0, all.size())
                .filter(row -> !batch.validation().get(row))
                .toArray();
        Examples trained = all.select(training);
        return validation.length == 0
                ? TrainingData.of(trained)
                : new TrainingData(
                        trained,
                        Shard.sort(all.select(validation), preparation.plan().seed()));
    }
}
