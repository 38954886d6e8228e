package io.backprop.interchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.model.Task;
import io.backprop.prediction.Prediction;
import io.backprop.prediction.Predictor;
import io.backprop.prediction.Predictors;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.Feature;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.TableExamples;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.Targets;
import io.backprop.tabular.TextTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the predictions for raw rows of a table by ONNX Runtime with those of the service. */
class OnnxTableTests {

    private static final int ROWS = 1_000;
    private static final int TRAINING_ROWS = 400; // the others have words that these have not
    private static final List<LayerSpec> HIDDEN = List.of(new LayerSpec(8, Activation.GELU));

    private final Random random = new Random(21);
    private final Map<String, List<String>> columns = new LinkedHashMap<>();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void predictsNumbersAsTheService(boolean decimalComma) {
        CellFormat format = new CellFormat(List.of("-999", "?"), decimalComma, null);
        addColumns(decimalComma ? ',' : '.');
        addColumn("y", row -> number(1e4, decimalComma ? ',' : '.'));

        Columns preprocessing = fit(format, ScalingMethod.STANDARD);
        assertThat(preprocessing.features()).extracting(Feature::width).containsExactly(1, 1, 5, 1, 3, 4, 1);
        assertSamePredictions(regression(preprocessing));
    }

    @Test
    void predictsRobustlyScaledNumbersAsTheService() {
        addColumns('.');
        addColumn("without gaps", row -> later(row) ? word("1e38", "-1e38", "3", "") : "" + random.nextInt(100));
        addColumn("y", row -> number(1e4, '.'));

        Columns preprocessing = fit(new CellFormat(List.of("-999"), false, null), ScalingMethod.ROBUST);
        assertThat(preprocessing.features()).extracting(Feature::width).containsExactly(2, 2, 4, 2, 1, 3, 2, 1);
        assertSamePredictions(regression(preprocessing));
    }

    @ParameterizedTest
    @EnumSource
    void predictsDatesAsTheService(ScalingMethod scaling) {
        addColumns('.');
        addColumn("y", row -> date());

        Columns preprocessing = fit(CellFormat.DEFAULT, scaling);

        assertThat(preprocessing.unit()).isEqualTo(TargetUnit.DATE);
        assertSamePredictions(regression(preprocessing));
    }

    @Test
    void predictsWithoutScalesAsTheService() {
        addColumns('.');
        addColumn("y", row -> number(1, '.'));

        assertSamePredictions(regression(fit(new CellFormat(List.of("-999"), false, null), null)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void predictsClassesAsTheService(int classes) {
        addColumns('.');
        addColumn("y", row -> "class \"%d\"".formatted(random.nextInt(classes)));

        assertSamePredictions(classifier(fit(CellFormat.DEFAULT, ScalingMethod.STANDARD), classes));
    }

    /** Columns of numbers, dates and text, with gaps and unknown words, whose names are those of values of the graph. */
    private void addColumns(char point) {
        addColumn("layer0.logits", row -> number(1e3, point));
        addColumn("weight\n\"kg\" ä", row -> number(1e-3, point));
        addColumn("probabilities", row -> later(row) ? word("violet", "red") : word("red", "green", "blue", "grün"));
        addColumn("predictions", row -> date());
        addColumn("label", row -> later(row) ? word("True", "FALSE", "fAlse", "null") : word("true", "false"));
        addColumn("label_", row -> later(row) ? word("TRUE", "yes") : word("True", "true ", "no"));
        addColumn("inputs", row -> number(1, point));
    }

    private static boolean later(int row) {
        return row >= TRAINING_ROWS;
    }

    private void addColumn(String name, Function<Integer, String> cell) {
        columns.put(
                name,
                IntStream.range(0, ROWS)
                        .mapToObj(row -> random.nextInt(10) > 0 || name.equals("y") || name.equals("without gaps")
                                ? cell.apply(row)
                                : word("", "NA", " "))
                        .toList());
    }

    private String number(double scale, char point) {
        return random.nextInt(20) == 0
                ? word("-999", "-999" + point + "0", "-9" + point + "99e2")
                : String.valueOf((float) (scale * (random.nextGaussian() + 1))).replace('.', point);
    }

    private String date() {
        return LocalDate.of(1969, 1, 1).plusDays(random.nextInt(20_000)).toString();
    }

    private String word(String... words) {
        return words[random.nextInt(words.length)];
    }

    private Columns fit(CellFormat format, @Nullable ScalingMethod scaling) {
        CellRules rules = new CellRules(format, InvalidCells.ERROR);
        TableExamples examples = TableExamples.of(TextTable.csv(rules, csv(TRAINING_ROWS)), "y", Map.of(), null);
        List<Feature> features =
                examples.fit(IntStream.range(0, examples.rows()).toArray(), scaling);
        Scaling targets = scaling != null && examples.targets() instanceof Targets.Numbers numbers
                ? Scaling.standard(numbers.values())
                : Scaling.NONE;
        return new Columns(features, "y", examples.targetUnit(), targets, format);
    }

    private String csv(int count) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.copyOf(columns.keySet()));
        for (int row = 0; row < count; row++) {
            int index = row;
            rows.add(columns.values().stream().map(cells -> cells.get(index)).toList());
        }
        return rows.stream()
                .map(row -> row.stream()
                        .map(cell -> "\"" + cell.replace("\"", "\"\"") + "\"")
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining("\n"));
    }

    private static Model regression(Columns columns) {
        return Exports.model(
                Exports.architecture(
                        Task.REGRESSION,
                        columns.width(),
                        HIDDEN,
                        Activation.LINEAR,
                        new Loss.MeanSquaredError(),
                        1,
                        null,
                        columns),
                1,
                1);
    }

    private static Model classifier(Columns columns, int classes) {
        boolean two = classes == 2;
        Architecture architecture = Exports.architecture(
                Task.CLASSIFICATION,
                columns.width(),
                HIDDEN,
                two ? Activation.SIGMOID : Activation.SOFTMAX,
                two ? new Loss.BinaryCrossentropy() : new Loss.CategoricalCrossentropy(),
                two ? 1 : classes,
                new ClassEncoding(IntStream.range(0, classes)
                        .mapToObj("class \"%d\""::formatted)
                        .toList()),
                columns);
        return Exports.model(architecture, 3, 1.5);
    }

    private void assertSamePredictions(Model model) {
        Prediction expected = Predictors.predict(new Predictor(model), sink -> {
            try {
                CsvTables.read(new ByteArrayInputStream(csv(ROWS).getBytes(StandardCharsets.UTF_8)), sink);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try (OnnxRuntime runtime = new OnnxRuntime(OnnxExporter.export(model, "{}"))) {
            Map<String, ai.onnxruntime.OnnxTensor> inputs = new LinkedHashMap<>();
            Columns table = (Columns) model.spec().architecture().preprocessing();
            for (Feature feature : table.features()) {
                List<String> cells = Objects.requireNonNull(columns.get(feature.name())).stream()
                        .map(String::strip)
                        .toList();
                inputs.put(
                        feature.name(),
                        feature instanceof Feature.Numeric numeric
                                ? runtime.numbers(numbers(cells, numeric.dates()), ROWS)
                                : runtime.texts(cells));
            }
            Closeness.assertSame(runtime.run(inputs).values(), expected);
        }
    }

    private static float[] numbers(List<String> cells, boolean dates) {
        float[] numbers = new float[cells.size()];
        for (int row = 0; row < numbers.length; row++) {
            String cell = cells.get(row);
            if (CellFormat.MISSING.contains(cell)) {
                numbers[row] = Float.NaN;
            } else if (dates) {
                numbers[row] = LocalDate.parse(cell).toEpochDay();
            } else {
                numbers[row] = Float.parseFloat(cell.replace(',', '.'));
            }
        }
        return numbers;
    }
}
