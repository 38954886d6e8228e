package io.backprop.interchange.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerParameters;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.Task;
import io.backprop.prediction.Prediction;
import io.backprop.prediction.Predictor;
import io.backprop.prediction.Predictors;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Standardized;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.ScalingMethod;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the predictions of exported models by ONNX Runtime with those of the service. */
class OnnxExporterTests {

    private static final int ROWS = 200;
    private static final List<LayerSpec> HIDDEN = List.of(new LayerSpec(6, Activation.RELU));

    private final Random random = new Random(20);

    /** All fitting pairs of loss and output activation. */
    static Stream<Model> outputs() {
        return Loss.all().stream()
                .flatMap(loss -> Arrays.stream(Activation.values())
                        .filter(loss::fits)
                        .flatMap(output -> Stream.of(1, 3)
                                .filter(outputs -> outputs > 1 || output != Activation.SOFTMAX)
                                .map(outputs -> Exports.model(Activation.TANH, output, loss, outputs))));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void predictsAsTheServiceForEveryLossAndOutput(Model model) {
        assertSamePredictions(model);
    }

    @ParameterizedTest
    @EnumSource
    void predictsAsTheServiceForEveryHiddenActivation(Activation hidden) {
        if (!hidden.isOutputOnly()) {
            assertSamePredictions(Exports.model(hidden, Activation.LINEAR, new Loss.MeanSquaredError(), 2));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 17, 300})
    void predictsAsTheServiceForEveryWidth(int units) {
        List<LayerSpec> hidden =
                List.of(new LayerSpec(units, Activation.RELU, 0.2f), new LayerSpec(units, Activation.SIGMOID));
        assertSamePredictions(Exports.model(
                regression(hidden, Activation.LINEAR, new Loss.MeanSquaredError(), 5, Preprocessing.NONE), 1, 1));
    }

    @Test
    void predictsAsTheServiceWithoutHiddenLayers() {
        assertSamePredictions(Exports.model(
                regression(List.of(), Activation.LINEAR, new Loss.MeanSquaredError(), 2, Preprocessing.NONE), 1, 1));
    }

    @ParameterizedTest
    @EnumSource
    void scalesNumbersAsTheService(ScalingMethod method) {
        Scaling inputs = Scaling.of(Matrix.wrap(50, 4, normal(50 * 4, 1e5)), method);
        Scaling targets = Scaling.standard(Matrix.wrap(50, 2, normal(50 * 2, 1e3)));
        Preprocessing standardized = new Standardized(inputs, targets);

        assertSamePredictions(Exports.model(
                regression(HIDDEN, Activation.LINEAR, new Loss.MeanSquaredError(), 2, standardized), 1, 1));
    }

    @Test
    void averagesTheNetworksOfAnEnsembleAsTheService() {
        assertSamePredictions(Exports.model(
                regression(HIDDEN, Activation.SOFTPLUS, new Loss.Poisson(), 2, Preprocessing.NONE), 7, 1));
    }

    @ParameterizedTest
    @CsvSource({"1, 2.5", "3, 1", "3, 0.2", "3, 20"})
    void calibratesProbabilitiesAsTheService(int networks, double temperature) {
        for (Architecture architecture : classifiers()) {
            assertSamePredictions(Exports.model(architecture, networks, temperature));
        }
    }

    @Test
    void calibratesProbabilitiesThatAreNearly0AsTheService() {
        for (Architecture architecture : classifiers()) {
            Model model = Exports.model(architecture, 2, 20);
            float[] inputs = normal(ROWS * 4, 100);
            assertSamePredictions(model, inputs);
        }
    }

    /** Of two classes with one output and with two, of three classes, of three labels, and without probabilities. */
    private static List<Architecture> classifiers() {
        ClassEncoding two = new ClassEncoding(List.of("no", "yes"));
        ClassEncoding three = new ClassEncoding(List.of("", "1.0", "\"ä\\ €"));
        Loss binary = new Loss.BinaryCrossentropy();
        Loss categorical = new Loss.CategoricalCrossentropy();
        return List.of(
                classifier(Activation.SIGMOID, binary, 1, two),
                classifier(Activation.SIGMOID, binary, 1, null),
                classifier(Activation.SOFTMAX, categorical, 2, two),
                classifier(Activation.SOFTMAX, categorical, 3, three),
                classifier(Activation.SIGMOID, binary, 3, null));
    }

    private static Architecture classifier(Activation output, Loss loss, int outputs, @Nullable ClassEncoding classes) {
        return Exports.architecture(Task.CLASSIFICATION, 4, HIDDEN, output, loss, outputs, classes, Preprocessing.NONE);
    }

    private static Architecture regression(
            List<LayerSpec> hidden, Activation output, Loss loss, int outputs, Preprocessing preprocessing) {
        return Exports.architecture(Task.REGRESSION, 4, hidden, output, loss, outputs, null, preprocessing);
    }

    @Test
    void labelsClassesWithoutProbabilitiesAsTheService() {
        ClassEncoding three = new ClassEncoding(List.of("a", "b", "c"));
        assertSamePredictions(Exports.model(classifier(Activation.TANH, new Loss.MeanSquaredError(), 3, three), 1, 1));
        assertSamePredictions(
                Exports.model(classifier(Activation.LINEAR, new Loss.MeanAbsoluteError(), 1, null), 2, 1));
    }

    @Test
    void firstOfEquallyProbableClassesIsTheLabel() {
        for (Architecture architecture : classifiers().subList(0, 4)) {
            NetworkSpec spec = architecture.networkSpec().orElseThrow();
            Network network = Network.of(spec, new float[spec.parameterCount()]);
            Map<String, Object> outputs = run(Exports.model(architecture, Ensemble.of(network)), normal(ROWS * 4, 2));
            assertThat((String[]) outputs.get("label"))
                    .containsOnly(
                            architecture.classEncoding(spec.outputs()).names().get(0));
        }
    }

    private void assertSamePredictions(Model model) {
        assertSamePredictions(model, normal(ROWS * 4, 2));
    }

    private static void assertSamePredictions(Model model, float[] inputs) {
        Prediction expected = Predictors.predict(new Predictor(model), Matrix.wrap(ROWS, 4, inputs.clone()));
        Closeness.assertSame(run(model, inputs).values(), expected);
    }

    private static Map<String, Object> run(Model model, float[] inputs) {
        try (OnnxRuntime runtime = new OnnxRuntime(OnnxExporter.export(model, "{}"))) {
            return runtime.run(Map.of("inputs", runtime.numbers(inputs, ROWS, 4)));
        }
    }

    private float[] normal(int length, double deviation) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    @Test
    void describesInputsAndOutputs() {
        OnnxModel regression = OnnxExporter.export(
                Exports.model(Activation.TANH, Activation.LINEAR, new Loss.MeanSquaredError(), 2), "{}");
        OnnxModel classifier = OnnxExporter.export(Exports.model(classifiers().get(0), 1, 1), "{}");
        OnnxModel labels = OnnxExporter.export(Exports.model(classifiers().get(4), 1, 1), "{}");

        assertThat(regression.graph().inputs())
                .extracting(OnnxExporterTests::shape)
                .containsExactly("inputs FLOAT [rows, 4]");
        assertThat(regression.graph().outputs())
                .extracting(OnnxExporterTests::shape)
                .containsExactly("predictions FLOAT [rows, 2]");
        assertThat(classifier.graph().outputs())
                .extracting(OnnxExporterTests::shape)
                .containsExactly("probabilities FLOAT [rows, 2]", "label STRING [rows]");
        assertThat(labels.graph().outputs())
                .extracting(OnnxExporterTests::shape)
                .containsExactly("probabilities FLOAT [rows, 3]");
    }

    private static String shape(OnnxValue value) {
        List<Object> lengths = requireNonNull(value.shape()).stream()
                .<Object>map(dimension -> dimension instanceof OnnxValue.Dimension.Fixed fixed
                        ? fixed.length()
                        : ((OnnxValue.Dimension.Free) dimension).name())
                .toList();
        return "%s %s %s".formatted(value.name(), value.elementType(), lengths);
    }

    @Test
    void describesTheModelInTheMetadata() {
        OnnxModel exported = OnnxExporter.export(Exports.model(classifiers().get(3), 1, 1), "{\"a\": 1}");

        assertThat(exported.modelVersion()).isEqualTo(3);
        assertThat(exported.docString()).isEqualTo("A model.");
        assertThat(exported.opsets()).containsExactly(Map.entry("", 17L));
        assertThat(exported.metadata())
                .containsExactly(
                        Map.entry("id", "m"),
                        Map.entry("version", "3"),
                        Map.entry("labels", "[\"\",\"1.0\",\"\\\"ä\\\\ €\"]"),
                        Map.entry("backprop", "{\"a\": 1}"));
    }

    @Test
    void parametersAreThoseOfTheLayersInTheirOrder() {
        Model model = Exports.model(classifiers().get(3), 2, 1);

        OnnxModel exported = OnnxExporter.export(model, "{}");

        List<LayerParameters> layers = requireNonNull(model.ensemble()).networks().stream()
                .flatMap(network -> network.layers().stream())
                .toList();
        List<OnnxNode> nodes = exported.graph().nodes().stream()
                .filter(node -> node.operator().equals("Gemm"))
                .toList();
        assertThat(nodes).hasSameSizeAs(layers);
        for (int i = 0; i < layers.size(); i++) {
            OnnxTensor weights = constant(exported, nodes.get(i).inputs().get(1));
            OnnxTensor biases = constant(exported, nodes.get(i).inputs().get(2));
            Matrix expected = layers.get(i).weights(); // units × inputs
            assertThat(weights.dimensions()).containsExactly((long) expected.columns(), (long) expected.rows());
            assertThat(weights.floats()[1]).isEqualTo(expected.get(1, 0));
            assertThat(Vector.wrap(biases.floats())).isEqualTo(layers.get(i).biases());
        }
    }

    private static OnnxTensor constant(OnnxModel model, String name) {
        return model.graph().initializers().stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void equalModelsGiveEqualBytes() {
        Architecture architecture = classifiers().get(3);
        byte[] first = OnnxWriter.write(OnnxExporter.export(Exports.model(architecture, 2, 2), "{}"));
        byte[] second = OnnxWriter.write(OnnxExporter.export(Exports.model(architecture, 2, 2), "{}"));

        assertThat(first).isEqualTo(second);
    }

    @Test
    void rejectsAModelThatHasNotBeenTrained() {
        Model untrained = Exports.model(classifiers().get(0), null);

        assertThatThrownBy(() -> OnnxExporter.export(untrained, "{}"))
                .isInstanceOf(ModelException.class)
                .hasMessage("the model \"m\" has not been trained yet; train it first");
    }
}
