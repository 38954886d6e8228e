package io.backprop.interchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Requirement;
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
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowSink.CellKind;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TargetUnit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks exported files with the {@code onnx} package of Python. */
class OnnxCheckerTests {

    /** Checks all files of a folder, and that their types and shapes can be inferred and their bytes are canonical. */
    private static final String CHECK = """
        import pathlib, sys
        import onnx

        for file in pathlib.Path(sys.argv[1]).glob("*.onnx"):
            print(file)
            model = onnx.load(file)
            onnx.checker.check_model(model, full_check=True)
            inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
            values = {value.name for value in inferred.graph.value_info} | {o.name for o in model.graph.output}
            assert all(name in values for node in model.graph.node for name in node.output), values
            assert model.SerializeToString(deterministic=True) == file.read_bytes()
        """;

    /** Computes predictions of rows with a gap, a number for missing values, and an unknown word. */
    private static final String PREDICT = """
        import sys
        import numpy as np
        from onnx.reference import ReferenceEvaluator

        outputs = ReferenceEvaluator(sys.argv[1] + "/table.onnx").run(None, {
            "size \\U0001F600": np.array([1.5, np.nan, -999, 2], np.float32),
            "color": np.array(["red", "", "violet", "\\U0001F600"]),
            "sold": np.array([19000, np.nan, 0, 19782], np.float32)})
        for row, label in zip(*outputs):
            print(*row, label)
        """;

    @TempDir
    private Path folder;

    private Path python = Path.of("");

    @BeforeEach
    void findPython() {
        python = Requirement.python("onnx");
    }

    @Test
    void filesAreValidAndCanonical() throws Exception {
        List<Model> models = new ArrayList<>();
        for (Activation hidden : Activation.values()) {
            if (!hidden.isOutputOnly()) {
                models.add(Exports.model(hidden, Activation.LINEAR, new Loss.MeanSquaredError(), 1));
            }
        }
        models.add(Exports.model(Activation.RELU, Activation.EXPONENTIAL, new Loss.Poisson(), 2));
        models.add(Exports.model(Activation.RELU, Activation.SIGMOID, new Loss.BinaryCrossentropy(), 3));
        models.add(classifier(Activation.SIGMOID, new Loss.BinaryCrossentropy(), 1, 2, Preprocessing.NONE));
        models.add(classifier(Activation.SOFTMAX, new Loss.CategoricalCrossentropy(), 2, 2, Preprocessing.NONE));
        models.add(table());
        for (int i = 0; i < models.size(); i++) {
            write(models.get(i), "model" + i);
        }

        assertThat(run(CHECK).lines()).hasSameSizeAs(models);
    }

    @Test
    void anotherProgramPredictsTheSame() throws Exception {
        Model model = table();
        write(model, "table");
        Prediction expected = Predictors.predict(new Predictor(model), sink -> {
            sink.begin(List.of("size \uD83D\uDE00", "color", "sold"));
            for (List<String> row : List.of(
                    List.of("1.5", "red", "2022-01-08"),
                    List.of("", "", ""),
                    List.of("-999.0", "violet", "1970-01-01"),
                    List.of("2", "\uD83D\uDE00", "2024-02-29"))) {
                for (int i = 0; i < row.size(); i++) {
                    char[] cell = row.get(i).toCharArray();
                    sink.cell(i, CellKind.TEXT, cell, 0, cell.length);
                }
                sink.endRow();
            }
        });

        List<String> lines = run(PREDICT).lines().toList();

        float[][] probabilities = lines.stream()
                .map(line -> line.split(" ", -1))
                .map(words -> new float[] {Float.parseFloat(words[0]), Float.parseFloat(words[1])})
                .toArray(float[][]::new);
        String[] labels = lines.stream().map(line -> line.split(" ", -1)[2]).toArray(String[]::new);
        Closeness.assertSame(Arrays.asList(probabilities, labels), expected);
    }

    private static Model table() {
        NumberRange range = new NumberRange(0, 1, 2);
        Columns columns = new Columns(
                List.of(
                        new Feature.Numeric("size \uD83D\uDE00", new ColumnScaling(1, 0.3), range, false),
                        new Feature.Categorical("color", List.of("red", "\uD83D\uDE00"), true),
                        new Feature.Numeric("sold", new ColumnScaling(19_000, 700), range, true)),
                "y",
                TargetUnit.NUMBER,
                Scaling.NONE,
                new CellFormat(List.of("-999"), false, null));
        return classifier(Activation.SIGMOID, new Loss.BinaryCrossentropy(), 1, 3, columns);
    }

    private static Model classifier(
            Activation output, Loss loss, int outputs, int networks, Preprocessing preprocessing) {
        Architecture architecture = Exports.architecture(
                Task.CLASSIFICATION,
                preprocessing instanceof Columns columns ? columns.width() : 3,
                List.of(new LayerSpec(4, Activation.SELU)),
                output,
                loss,
                outputs,
                new ClassEncoding(List.of("no", "\uD83D\uDE00")),
                preprocessing);
        return Exports.model(architecture, networks, 1.7);
    }

    private void write(Model model, String name) throws IOException {
        Files.write(folder.resolve(name + ".onnx"), OnnxWriter.write(OnnxExporter.export(model, "{}")));
    }

    private String run(String script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(python.toString(), "-c", script, folder.toString());
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        Path log = folder.resolve("log");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertThat(process.waitFor()).as(() -> read(log)).isZero();
        return read(log);
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
