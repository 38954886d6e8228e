package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.backprop.TestProperties;
import io.backprop.driver.Preparation;
import io.backprop.engine.Examples;
import io.backprop.engine.KeepBest;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.Network;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingResult;
import io.backprop.engine.Vector;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.model.Task;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.ExampleRows;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableColumns;
import io.backprop.tabular.TableFit;
import io.backprop.tabular.TableQuantiles;
import io.backprop.tabular.TableScan;
import io.backprop.tabular.TextTable;
import io.backprop.tabular.Warnings;
import io.backprop.training.TrainingCommand.Share;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A table has the same result whether it is sent with the request or read by a driver, as files in any order. */
class SameBitsOfDriversTests {

    private static final RequestLimits LIMITS = TestProperties.bind(RequestLimits.class, Map.of());

    private final ModelService models = mock(ModelService.class);
    private final ExternalPreparation external = new ExternalPreparation(models, LIMITS);
    private final TrainingPreparation local =
            new TrainingPreparation(models, LIMITS, mock(MemoryBudget.class), mock(ComputeBudget.class));

    private static TrainingCommand command(
            Task task, float share, @Nullable RowDivision division, ClassWeights classWeights, KeepBest keepBest) {
        return new TrainingCommand(
                task, 5, 32, 8, true, null, new Share(share), division, keepBest, classWeights, null, false, 0, null);
    }

    private static String data(String name) throws IOException {
        return Files.readString(Path.of("../shared/data/%s.csv".formatted(name)));
    }

    /** The rows of a table in three files, in another order. */
    private static List<String> files(String csv) {
        List<String> lines = new ArrayList<>(csv.lines().toList());
        String header = lines.remove(0);
        Collections.shuffle(lines, new Random(3));
        return IntStream.range(0, 3)
                .mapToObj(file -> header + "\n"
                        + String.join("\n", lines.subList(file * lines.size() / 3, (file + 1) * lines.size() / 3)))
                .toList();
    }

    private static <S extends RowSink> S read(String csv, S sink) {
        try {
            CsvTables.read(new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)), sink);
            return sink;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FittedTable fit(List<String> files, FitOptions options) {
        TableScan scan = new TableScan(options.cells(), options.division(), "");
        files.forEach(file -> scan.merge(read(file, new TableScan(options.cells(), options.division(), ""))));
        TableColumns columns = scan.resolve(options);
        TableFit fit = new TableFit(columns, "");
        files.forEach(file -> fit.merge(read(file, new TableFit(columns, ""))));
        TableQuantiles quantiles = fit.quantiles();
        if (quantiles.isNeeded()) {
            files.forEach(file -> quantiles.merge(read(file, fit.quantiles())));
        }
        return fit.result(quantiles);
    }

    /** The examples for training, or those for validation. */
    private static Examples examples(List<String> files, Preparation preparation, boolean validation) {
        List<Matrix> inputs = new ArrayList<>();
        List<Matrix> targets = new ArrayList<>();
        List<Float> weights = new ArrayList<>();
        for (String file : files) {
            ExampleRows rows = new ExampleRows(preparation.rows(), "", new Warnings(), batch -> {
                Examples all = batch.examples();
                int[] chosen = IntStream.range(0, all.size())
                        .filter(row -> batch.validation().get(row) == validation)
                        .toArray();
                inputs.add(all.inputs().select(chosen));
                targets.add(all.targets().select(chosen));
                IntStream.of(chosen)
                        .forEach(row -> weights.add(
                                all.weights() == null ? 1 : all.weights().get(row)));
            });
            read(file, rows).finish();
        }
        Examples examples = Examples.of(Matrix.concatenate(inputs), Matrix.concatenate(targets));
        float[] values = new float[weights.size()];
        IntStream.range(0, values.length).forEach(row -> values[row] = weights.get(row));
        return validation || preparation.rows().classWeights().isEmpty()
                ? examples
                : examples.withWeights(Vector.wrap(values));
    }

    private static TrainingResult train(Network network, Preparation preparation, TrainingData data) {
        return Trainer.start(network, preparation.plan(), data)
                .withTargets(preparation.target(), preparation.rows().columns().targets()::invert)
                .measuring(preparation.target().keyMetric())
                .train(TrainingListener.NONE);
    }

    private void assertSameBits(String name, String target, TrainingCommand command) throws IOException {
        Model model = TestModels.untrained(command.task(), Preprocessing.NONE);
        String csv = data(name);
        RowDivision division = command.division();
        Table table = division == null ? TextTable.csv(csv) : TextTable.csv(division, csv);
        PreparedTraining sent = local.prepare(model, command, new TableSource(table, target, Map.of()));
        List<String> files = files(csv);
        ExternalTraining queued =
                external.queued(model, command, new ExternalTable(name, target, Map.of(), CellRules.DEFAULT));

        ExternalTraining read = external.prepared(model, queued, fit(files, queued.options()));

        assertThat(read.architecture()).isEqualTo(sent.architecture());
        assertThat(read.settings().plan()).isEqualTo(sent.plan());
        assertThat(read.settings().validationExamples())
                .isEqualTo(sent.settings().validationExamples());
        assertThat(read.examples()).isEqualTo(sent.data().training().size());
        assertThat(read.targetKind()).isEqualTo(sent.targetKind());
        Preparation preparation = read.requirePreparation();
        Network initial = read.start(model).network(0);
        assertThat(initial.parameterVector()).isEqualTo(sent.start().network(0).parameterVector());
        TrainingData data = new TrainingData(examples(files, preparation, false), examples(files, preparation, true));
        assertThat(train(initial, preparation, data).network().parameterVector())
                .isEqualTo(train(initial, preparation, sent.data()).network().parameterVector());
    }

    @Test
    void classification() throws IOException {
        ClassWeights balanced = new ClassWeights(null);
        assertSameBits(
                "penguins",
                "species",
                command(Task.CLASSIFICATION, 0.2f, null, balanced, KeepBest.of(Metric.VALIDATION_LOSS)));
    }

    @Test
    void regression() throws IOException {
        assertSameBits(
                "diabetes",
                "progression",
                command(Task.REGRESSION, 0.3f, null, ClassWeights.NONE, KeepBest.of(Metric.R2)));
    }

    @Test
    void groupsOfRows() throws IOException {
        RowDivision groups = new RowDivision(RowDivision.Kind.GROUP, "age");
        assertSameBits(
                "diabetes",
                "progression",
                command(Task.REGRESSION, 0.4f, groups, ClassWeights.NONE, KeepBest.of(Metric.LOSS)));
    }
}
