package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.GraphFixture.ML;
import static io.backprop.interchange.onnx.GraphFixture.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Network;
import io.backprop.interchange.onnx.OnnxValue.Dimension;
import io.backprop.limits.LimitExceededException;
import io.backprop.model.Model;
import io.backprop.model.Task;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Standardized;
import io.backprop.tabular.Scaling;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxImporterTests {

    private static final Loss SQUARED = new Loss.MeanSquaredError();
    private static final Loss BINARY = new Loss.BinaryCrossentropy();
    private static final Loss CATEGORICAL = new Loss.CategoricalCrossentropy();

    private static final Scaling SCALING =
            new Scaling(List.of(new ColumnScaling(1.5, 0.3), new ColumnScaling(-2, 7), new ColumnScaling(0, 1.1)));

    /** A graph with a layer of three inputs and two units, whose values are {@code z}. */
    private static GraphFixture layer() {
        return new GraphFixture()
                .input("x", 3)
                .weights("w", 3, 2)
                .weights("b", 2)
                .node("Gemm", "x w b", "z");
    }

    private static ImportedModel readExport(Model model) {
        return Imports.read(OnnxWriter.write(OnnxExporter.export(model, "{}")));
    }

    private static void assertParametersOf(Model model, ImportedModel imported) {
        Ensemble ensemble = Objects.requireNonNull(model.ensemble());
        List<Network> networks = ensemble.networks();
        assertThat(imported.ensemble().networks()).hasSameSizeAs(networks);
        for (int i = 0; i < networks.size(); i++) {
            assertThat(imported.ensemble().networks().get(i).parameters())
                    .isEqualTo(networks.get(i).parameters());
        }
        assertThat(imported.ensemble().spec().layers())
                .isEqualTo(ensemble.spec().layers());
    }

    @ParameterizedTest
    @EnumSource
    void readsEveryHiddenActivation(Activation hidden) {
        if (!hidden.isOutputOnly()) {
            Model model = Exports.model(hidden, Activation.LINEAR, SQUARED, 2);
            assertParametersOf(model, readExport(model));
        }
    }

    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of(Activation.SOFTMAX, CATEGORICAL, 3),
                Arguments.of(Activation.SOFTMAX, CATEGORICAL, 2),
                Arguments.of(Activation.SIGMOID, BINARY, 1),
                Arguments.of(Activation.SIGMOID, BINARY, 3),
                Arguments.of(Activation.LINEAR, SQUARED, 1),
                Arguments.of(Activation.TANH, SQUARED, 2),
                Arguments.of(Activation.EXPONENTIAL, SQUARED, 2),
                Arguments.of(Activation.SOFTPLUS, SQUARED, 1));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void readsEveryOutput(Activation output, Loss loss, int outputs) {
        Model model = Exports.model(Activation.RELU, output, loss, outputs);
        ImportedModel imported = readExport(model);
        assertParametersOf(model, imported);
        assertThat(imported.ensemble().spec().loss()).isEqualTo(loss);
        assertThat(imported.spec().architecture().isMultiLabel())
                .isEqualTo(model.spec().architecture().isMultiLabel());
        assertThat(imported.warnings()).first().asString().contains(loss.name());
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void readsEnsembles(Activation output, Loss loss, int outputs) {
        Model model = Exports.model(
                Exports.architecture(
                        loss.isCrossentropy() ? Task.CLASSIFICATION : Task.REGRESSION,
                        4,
                        List.of(new LayerSpec(5, Activation.GELU)),
                        output,
                        loss,
                        outputs,
                        null,
                        Preprocessing.NONE),
                3,
                1);
        ImportedModel imported = readExport(model);
        assertParametersOf(model, imported);
        assertThat(imported.spec().ensemble().size()).isEqualTo(3);
        assertThat(imported.ensemble().temperature()).isEqualTo(1);
    }

    static Stream<Arguments> calibrated() {
        return Stream.of(
                Arguments.of(Activation.SOFTMAX, CATEGORICAL, 3, 1),
                Arguments.of(Activation.SOFTMAX, CATEGORICAL, 3, 4),
                Arguments.of(Activation.SIGMOID, BINARY, 1, 1),
                Arguments.of(Activation.SIGMOID, BINARY, 1, 3));
    }

    @ParameterizedTest
    @MethodSource("calibrated")
    void readsTemperatures(Activation output, Loss loss, int outputs, int networks) {
        Model model = Exports.model(
                Exports.architecture(
                        Task.CLASSIFICATION,
                        3,
                        List.of(new LayerSpec(4, Activation.RELU)),
                        output,
                        loss,
                        outputs,
                        new ClassEncoding(outputs == 1 ? List.of("no", "yes") : List.of("a", "b", "c")),
                        new Standardized(SCALING, Scaling.NONE)),
                networks,
                1.7);
        ImportedModel imported = readExport(model);
        assertParametersOf(model, imported);
        assertThat(imported.ensemble().temperature()).isCloseTo(1.7, withinPercentage(1e-9));
        assertThat(imported.spec().architecture().classes())
                .isEqualTo(model.spec().architecture().classes());
    }

    @Test
    void readsScalesOfInputsAndTargets() {
        Model model = Exports.model(
                Exports.architecture(
                        Task.REGRESSION,
                        3,
                        List.of(new LayerSpec(4, Activation.RELU)),
                        Activation.LINEAR,
                        SQUARED,
                        3,
                        null,
                        new Standardized(SCALING, SCALING)),
                2,
                1);
        ImportedModel imported = readExport(model);
        assertParametersOf(model, imported);
        assertScaling(imported, SCALING, SCALING);
    }

    private static void assertScaling(ImportedModel imported, Scaling inputs, Scaling targets) {
        Standardized found = (Standardized) imported.spec().architecture().preprocessing();
        assertClose(found.inputs(), inputs);
        assertClose(found.targets(), targets);
    }

    private static void assertClose(Scaling actual, Scaling expected) {
        assertThat(actual.columns())
                .usingRecursiveComparison()
                .withComparatorForType((a, b) -> Math.abs(a - b) <= 1e-12 ? 0 : Double.compare(a, b), Double.class)
                .isEqualTo(expected.columns());
    }

    @Test
    void readsScalesInAnyForm() {
        GraphFixture graph = new GraphFixture()
                .input("x", 2)
                .floats("mean", List.of(1L, 2L), 3, -1)
                .floats("scale", List.of(2L), 0.5f, 4)
                .floats("two", List.of(), 2)
                .weights("w", 2, 1)
                .weights("b", 1)
                .node("Sub", "x mean", "centered")
                .node("Mul", "scale centered", "scaled")
                .node("MatMul", "scaled w", "product")
                .node("Add", "b product", "logits")
                .node("Mul", "logits two", "doubled")
                .node("Sub", "doubled two", "output")
                .output("output", 1);
        ImportedModel model = Imports.readAndCompare(graph);
        assertScaling(
                model,
                new Scaling(List.of(new ColumnScaling(3, 2), new ColumnScaling(-1, 0.25))),
                new Scaling(List.of(new ColumnScaling(-2, 2))));
    }

    @Test
    void foldsScalesThatAreNotPositiveIntoTheFirstLayer() {
        GraphFixture graph = new GraphFixture()
                .input("x", 2)
                .floats("scale", List.of(2L), 0, -4)
                .floats("one", List.of(), 1)
                .weights("w", 2, 3)
                .node("Mul", "x scale", "scaled")
                .node("Sub", "one scaled", "inputs")
                .node("MatMul", "inputs w", "output")
                .output("output", 3);
        ImportedModel model = Imports.readAndCompare(graph);
        assertThat(model.spec().architecture().preprocessing()).isEqualTo(Preprocessing.NONE);
        assertThat(model.warnings()).anyMatch(warning -> warning.contains("became a part of weights"));
    }

    @Test
    void foldsFactorsOfGemmAndBatchNormalization() {
        GraphFixture graph = new GraphFixture()
                .input("x", 3)
                .weights("w", 4, 3)
                .weights("b", 1, 4)
                .weights("scale", 4)
                .weights("shift", 4)
                .weights("mean", 4)
                .floats("variance", List.of(4L), 0.5f, 1, 2, 0)
                .weights("w2", 4, 1)
                .node(
                        "Gemm",
                        Map.of(
                                "alpha", new OnnxAttribute.OfFloat(0.5f),
                                "beta", new OnnxAttribute.OfFloat(2),
                                "transB", new OnnxAttribute.OfInt(1)),
                        "x w b",
                        "z")
                .node("BatchNormalization", attribute("epsilon", 0.1f), "z scale shift mean variance", "normalized")
                .node("Relu", "normalized", "a")
                .node("BatchNormalization", attribute("epsilon", 0.1f), "a scale shift mean variance", "again")
                .node("MatMul", "again w2", "output")
                .output("output", 1);
        Imports.readAndCompare(graph);
    }

    @Test
    void keepsLinearLayersInARow() {
        GraphFixture graph =
                layer().weights("v", 2, 2).node("MatMul", "z v", "output").output("output", 2);
        ImportedModel model = Imports.readAndCompare(graph);
        assertThat(model.ensemble().spec().layers())
                .containsExactly(new LayerSpec(2, Activation.LINEAR), new LayerSpec(2, Activation.LINEAR));
    }

    @Test
    void readsGeluOfNormalizedValues() {
        GraphFixture graph = layer().floats("gain", List.of(2L), 0.5f, -2)
                .floats("inverseRoot", List.of(), (float) Math.sqrt(0.5))
                .floats("half", List.of(), 0.5f)
                .node("Mul", "z gain", "u")
                .node("Mul", "u inverseRoot", "e")
                .node("Erf", "e", "erf")
                .node("Mul", "erf half", "halfErf")
                .node("Add", "halfErf half", "phi")
                .node("Mul", "phi u", "output")
                .output("output", 2);
        ImportedModel model = Imports.readAndCompare(graph);
        assertThat(model.ensemble().spec().outputLayer().activation()).isEqualTo(Activation.GELU);
    }

    @Test
    void readsSoftplusAndSigmoidOfExponentials() {
        GraphFixture graph = layer().floats("one", List.of(), 1)
                .weights("v", 2, 1)
                .node("Exp", "z", "exp")
                .node("Add", "one exp", "sum")
                .node("Log", "sum", "softplus")
                .node("MatMul", "softplus v", "y")
                .node("Neg", "y", "negative")
                .node("Exp", "negative", "exp2")
                .node("Add", "exp2 one", "sum2")
                .node("Reciprocal", "sum2", "output")
                .output("output", 1);
        assertThat(Imports.readAndCompare(graph).ensemble().spec().layers())
                .containsExactly(new LayerSpec(2, Activation.SOFTPLUS), new LayerSpec(1, Activation.SIGMOID));
    }

    @Test
    void roundsParametersOfDoublePrecision() {
        GraphFixture graph = new GraphFixture()
                .input("x", 1)
                .tensor(OnnxTensor.ofDoubles("w", List.of(1L, 2L), new double[] {0.1, -3.25}))
                .node("Cast", attribute("to", ElementType.DOUBLE.code()), "x", "wide")
                .node("MatMul", "wide w", "product")
                .node("Cast", attribute("to", ElementType.FLOAT.code()), "product", "output")
                .output("output", 2);
        ImportedModel model = Imports.readAndCompare(graph);
        assertThat(model.ensemble().networks().get(0).parameters()).containsExactly(0.1f, -3.25f, 0, 0);
        assertThat(model.warnings()).anyMatch(warning -> warning.contains("rounded to float"));
    }

    @Test
    void knowsTheLongNameOfTheStandardDomain() {
        GraphFixture graph = new GraphFixture()
                .opset("ai.onnx", 17)
                .input("x", 3)
                .weights("w", 3, 2)
                .node("ai.onnx", "MatMul", Map.of(), "x w", "y")
                .output("y", 2);
        assertThat(Imports.read(graph).ensemble().spec().outputs()).isEqualTo(2);
    }

    @Test
    void ignoresInitializersAmongTheInputs() {
        GraphFixture graph = layer().input("w").input("b").output("z", 2);
        assertThat(Imports.read(graph).ensemble().spec().inputs()).isEqualTo(3);
    }

    static Stream<Arguments> rejectedGraphs() {
        return Stream.of(
                Arguments.of(
                        layer().node("Conv", "z w", "y"),
                        "operator Conv (node \"node_y\") is not supported; a model is a chain of dense layers"),
                Arguments.of(
                        layer().node("LogSoftmax", "z", "y"),
                        "operator LogSoftmax (node \"node_y\") is not supported: a model predicts probabilities"),
                Arguments.of(
                        layer().node("LeakyRelu", attribute("alpha", 0.3f), "z", "y"),
                        "alpha must be 0.01, but is 0.3"),
                Arguments.of(layer().node("Elu", attribute("alpha", 0.5f), "z", "y"), "alpha must be 1.0, but is 0.5"),
                Arguments.of(
                        layer().node("Gelu", Map.of("approximate", new OnnxAttribute.OfString("tanh")), "z", "y"),
                        "its approximation by tanh differs from GELU"),
                Arguments.of(layer().node("Softmax", attribute("axis", 0), "z", "y"), "axis must be 1, but is 0 of 2"),
                Arguments.of(
                        layer().node("Softmax", "z", "s").node("Relu", "s", "y"),
                        "operator Softmax (node \"node_s\") is not supported: it is for the output layer only"),
                Arguments.of(
                        layer().node("Relu", "x", "y"),
                        "operator Relu (node \"node_y\") is not supported: it must come"),
                Arguments.of(
                        layer().node("Exp", "z", "e").weights("v", 2, 2).node("MatMul", "e v", "y"),
                        "operator Exp (node \"node_e\") is not supported: it is for the output layer only"),
                Arguments.of(layer().node("Mul", "z z", "y"), "a product of two values is no known activation"),
                Arguments.of(
                        layer().node("Relu", "z", "a")
                                .weights("v", 2, 2)
                                .node("MatMul", "a v", "c")
                                .node("Add", "c a", "y"),
                        "must have the same layers"),
                Arguments.of(
                        layer().floats("two", List.of(), 2)
                                .node("Sigmoid", "z", "s")
                                .node("Log", "s", "log")
                                .node("Div", "log two", "divided")
                                .node("Softmax", "divided", "y"),
                        "operator Log (node \"node_log\") is not supported"),
                Arguments.of(layer().node("Erf", "z", "y"), "operator Erf (node \"node_y\") is not supported"),
                Arguments.of(layer().node("MatMul", "z z", "y"), "input 1 must be a constant"),
                Arguments.of(
                        layer().node("MatMul", "z w", "y"),
                        "operator MatMul (node \"node_y\") has weights for 3 values, but its input has 2"),
                Arguments.of(
                        layer().node("Relu", "missing", "y"),
                        "operator Relu (node \"node_y\") uses \"missing\", which is not defined before it"),
                Arguments.of(
                        layer().node("Relu", "y", "y"), "operator Relu (node \"node_y\") uses \"y\", which is not"),
                Arguments.of(layer().node("Relu", "z", "z"), "the name \"z\" is defined twice"),
                Arguments.of(layer().node("Relu", "z", "w"), "the name \"w\" is defined twice"),
                Arguments.of(
                        layer().node("com.microsoft", "FusedGemm", Map.of(), "x w", "y"), "not listed in the file"),
                Arguments.of(
                        layer().opset("com.microsoft", 1).node("com.microsoft", "FusedGemm", Map.of(), "x w", "y"),
                        "operator com.microsoft.FusedGemm (node \"node_y\") is not supported"),
                Arguments.of(layer().opset("", 6).node("Relu", "z", "y"), "older than 7"),
                Arguments.of(layer().node("Relu", "", "y"), "must have at least 1 inputs"),
                Arguments.of(
                        layer().node("Relu", attribute("alpha", 1), "z", "y").input("x2", 3), "must have one input"),
                Arguments.of(
                        layer().node("Elu", attribute("alpha", 1), "z", "y"),
                        "operator Elu (node \"node_y\") has an attribute alpha of the wrong type"),
                Arguments.of(
                        layer().floats("nan", List.of(2L, 1L), Float.NaN, 0).node("MatMul", "z nan", "y"),
                        "must be finite, but one is NaN"),
                Arguments.of(
                        layer().weights("one", 2, 1)
                                .node("MatMul", "z one", "o")
                                .node("Softmax", "o", "y"),
                        "units of a softmax layer must be at least 2"),
                Arguments.of(
                        layer().floats("c", List.of(2L), 1, -1)
                                .node("Sigmoid", "z", "s")
                                .node("Mul", "s c", "y"),
                        "must be multiplied by positive numbers"),
                Arguments.of(
                        layer().integers("perm", 0, 1).node("Identity", "b", "y"), "must be computed from the input"),
                Arguments.of(
                        layer().integers("shape", -1).node("Reshape", "z shape", "y"),
                        "lengths [] do not fit 2 elements"),
                Arguments.of(
                        layer().integers("shape", 2, -1).node("Reshape", "z shape", "y"),
                        "the first length must be that of the rows"),
                Arguments.of(layer().integers("shape", -1, 7).node("Reshape", "z shape", "y"), "do not fit 2 elements"),
                Arguments.of(
                        layer().node("ArgMax", attribute("axis", 1), "z", "y"), "must come from Softmax or Sigmoid"),
                Arguments.of(
                        layer().opset(ML, 3)
                                .node("Softmax", "z", "s")
                                .tensor(OnnxTensor.ofStrings("names", List.of(3L), List.of("a", "b", "c")))
                                .node("ArgMax", attribute("axis", 1), "s", "index")
                                .node(ML, "ArrayFeatureExtractor", Map.of(), "names index", "y"),
                        "has 3 names for 2 classes"),
                Arguments.of(
                        layer().opset(ML, 3)
                                .node("Softmax", "z", "s")
                                .tensor(OnnxTensor.ofStrings("names", List.of(2L), List.of("a", "a")))
                                .node("ArgMax", attribute("axis", 1), "s", "index")
                                .node("Gather", "names index", "y"),
                        "classes must differ from one another"));
    }

    @ParameterizedTest
    @MethodSource("rejectedGraphs")
    void rejects(GraphFixture graph, String message) {
        graph.output("y");
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> Imports.read(graph))
                .withMessageContaining(message);
    }

    @Test
    void rejectsSeveralOutputs() {
        GraphFixture graph = layer().node("Softmax", "z", "y").output("z", 2).output("y", 2);
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> Imports.read(graph))
                .withMessage("the graph must have one output, besides the label of a classification, but has 2: \"z\","
                        + " \"y\"");
    }

    @Test
    void rejectsInputsWithoutAFixedWidth() {
        for (List<Dimension> shape : List.<List<Dimension>>of(
                List.of(new Dimension.Fixed(3)),
                List.of(new Dimension.Free("n"), new Dimension.Free("features")),
                List.of(new Dimension.Free("n"), new Dimension.Fixed(-3)),
                List.of(new Dimension.Free("n"), new Dimension.Fixed(0)),
                List.of(new Dimension.Free("n"), new Dimension.Fixed(1L << 40), new Dimension.Fixed(1L << 40)))) {
            GraphFixture graph = new GraphFixture()
                    .input(new OnnxValue("x", ElementType.FLOAT, shape, ""))
                    .node("Relu", "x", "y")
                    .output("y");
            assertThatExceptionOfType(OnnxException.class)
                    .isThrownBy(() -> Imports.read(graph))
                    .withMessageStartingWith("input \"x\" must have");
        }
        GraphFixture text = new GraphFixture().input("x", ElementType.STRING, 3).output("x");
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> Imports.read(text))
                .withMessage("input \"x\" must have a numeric type, but has STRING");
    }

    @Test
    void rejectsMoreLayersUnitsOrParametersThanTheLimits() {
        GraphFixture deep = new GraphFixture().input("h0", 1).weights("w", 1, 1);
        IntStream.range(0, 65).forEach(i -> deep.node("MatMul", "h%d w".formatted(i), "h" + (i + 1)));
        assertLimited(deep.output("h65", 1), "at most 64 layers");
        GraphFixture wide =
                new GraphFixture().input("x", 1).weights("w", 1, 8193).node("MatMul", "x w", "y");
        assertLimited(wide.output("y", 8193), "at most 8192 units");
        GraphFixture shared =
                new GraphFixture().input("h0", 4000).floats("w", List.of(4000L, 4000L), new float[16_000_000]);
        IntStream.range(0, 4).forEach(i -> shared.node("MatMul", "h%d w".formatted(i), "h" + (i + 1)));
        assertLimited(shared.output("h4", 4000), "at most 50000000 parameters");
    }

    private static void assertLimited(GraphFixture graph, String message) {
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> Imports.read(graph.build()))
                .withMessageContaining(message);
    }

    @Test
    void keepsTheNamesOfErrorsShort() {
        String name = "x".repeat(1_000_000);
        GraphFixture graph =
                new GraphFixture().input(name, 3).node(name, name, "y").output("y");
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> Imports.read(graph))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }
}
