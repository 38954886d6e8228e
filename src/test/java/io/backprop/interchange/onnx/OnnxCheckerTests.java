package io.backprop.interchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Requirement;
import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.interchange.onnx.OnnxValue.Dimension;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Prints what another program reads of a file, and checks that it writes the same bytes. */
    private static final String PRINT = """
        import pathlib, sys
        import onnx
        from onnx import numpy_helper

        file = pathlib.Path(sys.argv[1], "all.onnx")
        model = onnx.load(file)
        assert model.SerializeToString(deterministic=True) == file.read_bytes()
        print(model.ir_version, model.producer_name, model.producer_version, model.model_version, model.doc_string)
        print({opset.domain: opset.version for opset in model.opset_import})
        print({entry.key: entry.value for entry in model.metadata_props})
        for tensor in model.graph.initializer:
            values = numpy_helper.to_array(tensor)
            print(tensor.name, values.dtype, values.shape, values.tolist())
        for node in model.graph.node:
            print(node.name, node.domain, node.op_type, list(node.input), list(node.output))
            for attribute in node.attribute:
                value = onnx.helper.get_attribute_value(attribute)
                print(attribute.name, numpy_helper.to_array(value) if attribute.name == "t" else value)
        for value in list(model.graph.input) + list(model.graph.output):
            tensor = value.type.tensor_type
            shape = [dim.dim_param or dim.dim_value for dim in tensor.shape.dim]
            print(value.name, value.doc_string, tensor.elem_type, tensor.HasField("shape"), shape)
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
        models.add(robustTable());
        for (int i = 0; i < models.size(); i++) {
            write(models.get(i), "model" + i);
        }

        assertThat(run(CHECK).lines()).hasSameSizeAs(models);
    }

    @Test
    void anotherProgramReadsEveryField() throws Exception {
        Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
        attributes.put("f", new OnnxAttribute.OfFloat(0));
        attributes.put("i", new OnnxAttribute.OfInt(0));
        attributes.put("s", new OnnxAttribute.OfString(""));
        attributes.put("t", new OnnxAttribute.OfTensor(OnnxTensor.ofFloats("", List.of(), new float[] {2.5f})));
        attributes.put("floats", new OnnxAttribute.OfFloats(List.of(1.5f, -0.5f)));
        attributes.put("ints", new OnnxAttribute.OfInts(List.of(-1L, 1L << 40)));
        attributes.put("strings", new OnnxAttribute.OfStrings(List.of("", "\u00E4")));
        OnnxGraph graph = new OnnxGraph(
                "g",
                List.of(new OnnxNode("n", "d", "Op", List.of("a", "", "b"), List.of("y"), attributes)),
                List.of(
                        OnnxTensor.ofFloats("floats", List.of(1L, 2L), new float[] {1.5f, -2}),
                        OnnxTensor.ofDoubles("doubles", List.of(1L), new double[] {0.1}),
                        OnnxTensor.ofIntegers("longs", ElementType.INT64, List.of(2L), new long[] {-1, Long.MIN_VALUE}),
                        OnnxTensor.ofIntegers("ints", ElementType.INT32, List.of(1L), new long[] {-5}),
                        OnnxTensor.ofIntegers("bytes", ElementType.UINT8, List.of(1L), new long[] {200}),
                        OnnxTensor.ofIntegers("bools", ElementType.BOOL, List.of(2L), new long[] {0, 1}),
                        OnnxTensor.ofStrings("texts", List.of(2L), List.of("", "\uD83D\uDE00")),
                        OnnxTensor.ofFloats("none", List.of(0L, 3L), new float[0])),
                List.of(new OnnxValue(
                        "a", ElementType.FLOAT, List.of(new Dimension.Free("rows"), new Dimension.Free("")), "doc")),
                List.of(
                        new OnnxValue("y", ElementType.STRING, null, ""),
                        new OnnxValue("z", ElementType.DOUBLE, List.of(new Dimension.Fixed(0)), "")));
        Files.write(
                folder.resolve("all.onnx"),
                OnnxWriter.write(
                        new OnnxModel(8, "p", "1", 1L << 33, "text", Map.of("", 17L), graph, Map.of("key", ""))));

        assertThat(run(PRINT)).isEqualTo("""
            8 p 1 8589934592 text
            {'': 17}
            {'key': ''}
            floats float32 (1, 2) [[1.5, -2.0]]
            doubles float64 (1,) [0.1]
            longs int64 (2,) [-1, -9223372036854775808]
            ints int32 (1,) [-5]
            bytes uint8 (1,) [200]
            bools bool (2,) [False, True]
            texts object (2,) ['', '\uD83D\uDE00']
            none float32 (0, 3) []
            n d Op ['a', '', 'b'] ['y']
            f 0.0
            i 0
            s b''
            t 2.5
            floats [1.5, -0.5]
            ints [-1, 1099511627776]
            strings [b'', b'\\xc3\\xa4']
            a doc 1 True ['rows', 0]
            y  8 False []
            z  11 True [0]
            """);
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

    private static Model robustTable() {
        NumberRange range = new NumberRange(0, 1, 2);
        ColumnScaling scale = new ColumnScaling(0.5, 2, true);
        Columns columns = new Columns(
                List.of(
                        new Feature.Numeric("size", 1, 2, range, false, scale, scale),
                        new Feature.Numeric("age", 1, 2, range, false, scale, null),
                        new Feature.Categorical("color", List.of("red", "green"), false, List.of(scale)),
                        new Feature.Categorical("shape", List.of("a", "b", "c"), false, List.of(scale, scale, scale))),
                "y",
                TargetUnit.NUMBER,
                Scaling.NONE,
                CellFormat.DEFAULT);
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
