package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.GraphFixture.ML;
import static io.backprop.interchange.onnx.GraphFixture.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.model.Task;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Preprocessing.Standardized;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Graphs in the form of converters that Debian does not have: the same operators, and names of values alike. */
class ConverterGraphTests {

    private static final OnnxAttribute FLOAT = new OnnxAttribute.OfInt(ElementType.FLOAT.code());

    private static List<Activation> activations(ImportedModel model) {
        return model.ensemble().spec().layers().stream()
                .map(LayerSpec::activation)
                .toList();
    }

    private static List<String> classes(ImportedModel model) {
        return model.spec()
                .architecture()
                .classEncoding(model.ensemble().spec().outputs())
                .names();
    }

    private static GraphFixture scalar(GraphFixture graph, String name, float value) {
        return graph.floats(name, List.of(), value);
    }

    /** PyTorch's exporter based on {@code torch.export}, with weights as parameters of Gemm. */
    @Test
    void readsGemmOfPyTorch() {
        GraphFixture graph = new GraphFixture()
                .opset("", 18)
                .input("x", 4)
                .weights("0.weight", 5, 4)
                .weights("0.bias", 5)
                .weights("2.weight", 2, 5)
                .weights("2.bias", 2)
                .node("Gemm", gemm(), "x 0.weight 0.bias", "linear")
                .node("Relu", "linear", "relu")
                .node("Gemm", gemm(), "relu 2.weight 2.bias", "linear_1")
                .output("linear_1", 2);
        ImportedModel model = Imports.readAndCompare(graph);
        assertThat(activations(model)).containsExactly(Activation.RELU, Activation.LINEAR);
        assertThat(model.ensemble().networks().get(0).layers().get(0).weights())
                .isEqualTo(Matrix.wrap(5, 4, graph.initializer("0.weight").floats()));
        assertThat(model.spec().architecture().outputLayer().task()).isEqualTo(Task.REGRESSION);
        assertThat(model.warnings()).anyMatch(warning -> warning.contains("end the graph with Softmax"));
    }

    private static Map<String, OnnxAttribute> gemm() {
        return Map.of(
                "alpha", new OnnxAttribute.OfFloat(1),
                "beta", new OnnxAttribute.OfFloat(1),
                "transA", new OnnxAttribute.OfInt(0),
                "transB", new OnnxAttribute.OfInt(1));
    }

    /** The same exporter with functions of ONNX Script inlined: transposed weights, and composed activations. */
    @Test
    void readsFunctionsOfOnnxScript() {
        GraphFixture graph = new GraphFixture().opset("", 18).input("x", 4);
        scalar(scalar(scalar(graph, "root", 1.4142135f), "one", 1), "half", 0.5f);
        scalar(graph, "threshold", 20)
                .weights("0.weight", 5, 4)
                .weights("0.bias", 5)
                .weights("2.weight", 5, 5)
                .weights("2.bias", 5)
                .weights("4.weight", 3, 5)
                .weights("4.bias", 3)
                .node("Transpose", Map.of("perm", new OnnxAttribute.OfInts(List.of(1L, 0L))), "0.weight", "t")
                .node("MatMul", "x t", "val_0")
                .node("Add", "val_0 0.bias", "linear")
                .node("Cast", Map.of("to", FLOAT), "linear", "gelu_x")
                .node("Div", "gelu_x root", "val_1")
                .node("Erf", "val_1", "val_2")
                .node("Add", "val_2 one", "val_3")
                .node("Mul", "half val_3", "val_4")
                .node("Mul", "gelu_x val_4", "gelu")
                .node("Gemm", gemm(), "gelu 2.weight 2.bias", "linear_1")
                .node("Mul", "linear_1 one", "scaled")
                .node("Softplus", "scaled", "val_5")
                .node("Div", "val_5 one", "val_6")
                .node("Greater", "scaled threshold", "val_7")
                .node("Where", "val_7 linear_1 val_6", "softplus")
                .node("Gemm", gemm(), "softplus 4.weight 4.bias", "linear_2")
                .node("Sigmoid", "linear_2", "val_8")
                .node("Mul", "linear_2 val_8", "silu")
                .node("Identity", "silu", "output")
                .output("output", 3);
        assertThat(activations(Imports.readAndCompare(graph)))
                .containsExactly(Activation.GELU, Activation.SOFTPLUS, Activation.SILU);
    }

    /** A classifier of Keras by tf2onnx: a Normalization layer, a Dense one, BatchNormalization, and Softmax. */
    @Test
    void readsLayersOfKeras() {
        GraphFixture graph = new GraphFixture()
                .opset("", 15)
                .input("input_1", 3)
                .floats("sequential/normalization/Sub/y:0", List.of(1L, 3L), 1, 2, -3)
                .floats("sequential/normalization/Sqrt:0", List.of(1L, 3L), 0.5f, 2, 4)
                .weights("sequential/dense/MatMul/ReadVariableOp:0", 3, 4)
                .weights("sequential/dense/BiasAdd/ReadVariableOp:0", 4)
                .floats("batchnorm/mul:0", List.of(4L), 0.5f, 1.5f, 1, -2)
                .floats("batchnorm/sub:0", List.of(4L), 0.1f, 0, -0.2f, 0.3f)
                .weights("sequential/dense_1/MatMul/ReadVariableOp:0", 4, 3)
                .weights("sequential/dense_1/BiasAdd/ReadVariableOp:0", 3)
                .integers("shape", -1, 3)
                .node("Sub", "input_1 sequential/normalization/Sub/y:0", "sub:0")
                .node("Div", "sub:0 sequential/normalization/Sqrt:0", "truediv:0")
                .node("Reshape", "truediv:0 shape", "Reshape:0")
                .node("MatMul", "Reshape:0 sequential/dense/MatMul/ReadVariableOp:0", "MatMul:0")
                .node("Add", "MatMul:0 sequential/dense/BiasAdd/ReadVariableOp:0", "BiasAdd:0")
                .node("Relu", "BiasAdd:0", "Relu:0")
                .node("Mul", "Relu:0 batchnorm/mul:0", "batchnorm/mul_1:0")
                .node("Add", "batchnorm/mul_1:0 batchnorm/sub:0", "batchnorm/add_1:0")
                .node("MatMul", "batchnorm/add_1:0 sequential/dense_1/MatMul/ReadVariableOp:0", "MatMul_1:0")
                .node("Add", "MatMul_1:0 sequential/dense_1/BiasAdd/ReadVariableOp:0", "BiasAdd_1:0")
                .node("Softmax", attribute("axis", -1), "BiasAdd_1:0", "dense_1")
                .output("dense_1", 3);
        ImportedModel model = Imports.readAndCompare(graph);
        assertThat(activations(model)).containsExactly(Activation.RELU, Activation.SOFTMAX);
        assertThat(model.ensemble().spec().loss()).isEqualTo(new Loss.CategoricalCrossentropy());
        assertThat(((Standardized) model.spec().architecture().preprocessing())
                        .inputs()
                        .columns())
                .containsExactly(new ColumnScaling(1, 0.5), new ColumnScaling(2, 2), new ColumnScaling(-3, 4));
        assertThat(model.warnings()).anyMatch(warning -> warning.contains("BatchNormalization"));
        assertThat(classes(model)).containsExactly("0", "1", "2");
    }

    /** A pipeline of scikit-learn with StandardScaler and MLPClassifier for two classes, by skl2onnx. */
    @Test
    void readsTwoClassesOfScikitLearn() {
        GraphFixture graph = scikitLearn(1, "Sigmoid")
                .floats("unity", List.of(), 1)
                .node("Sub", "unity out_activations_result", "negative_class_proba")
                .node("Concat", attribute("axis", 1), "negative_class_proba out_activations_result", "probabilities")
                .tensor(OnnxTensor.ofIntegers("classes", ElementType.INT32, List.of(2L), new long[] {-1, 1}))
                .integers("shape_tensor", -1)
                .node("ArgMax", attribute("axis", 1), "probabilities", "argmax_output")
                .node(ML, "ArrayFeatureExtractor", Map.of(), "classes argmax_output", "array_feature_extractor_result")
                .node("Reshape", "array_feature_extractor_result shape_tensor", "reshaped_result")
                .node("Cast", attribute("to", ElementType.INT64.code()), "reshaped_result", "label")
                .output("label", ElementType.INT64)
                .output("probabilities", 2);
        ImportedModel model = Imports.readAndCompare(graph);
        assertThat(model.ensemble().spec().outputs()).isEqualTo(1);
        assertThat(classes(model)).containsExactly("-1", "1");
        assertThat(((Standardized) model.spec().architecture().preprocessing())
                        .inputs()
                        .columns())
                .containsExactly(new ColumnScaling(5, 2), new ColumnScaling(3, 1), new ColumnScaling(-1, 0.25));
    }

    /** The same for three classes with names, as a map from each to its probability. */
    @Test
    void readsClassNamesOfScikitLearn() {
        GraphFixture graph = scikitLearn(3, "Softmax")
                .tensor(OnnxTensor.ofStrings("classes", List.of(3L), List.of("setosa", "versicolor", "virginica")))
                .integers("shape_tensor", -1)
                .node("Identity", "out_activations_result", "probabilities")
                .node("ArgMax", attribute("axis", 1), "probabilities", "argmax_output")
                .node(ML, "ArrayFeatureExtractor", Map.of(), "classes argmax_output", "array_feature_extractor_result")
                .node("Reshape", "array_feature_extractor_result shape_tensor", "label")
                .node("Identity", "label", "output_label")
                .node(
                        ML,
                        "ZipMap",
                        Map.of(
                                "classlabels_strings",
                                new OnnxAttribute.OfStrings(List.of("setosa", "versicolor", "virginica"))),
                        "probabilities",
                        "output_probability")
                .output("output_label", ElementType.STRING)
                .output("output_probability", ElementType.UNDEFINED);
        ImportedModel model = Imports.read(graph);
        assertThat(activations(model)).containsExactly(Activation.TANH, Activation.SOFTMAX);
        assertThat(classes(model)).containsExactly("setosa", "versicolor", "virginica");
    }

    @Test
    void readsLabelsOfScikitLearnThatDoNotExcludeEachOther() {
        GraphFixture graph = scikitLearn(2, "Sigmoid")
                .node("Identity", "out_activations_result", "probabilities")
                .node(ML, "Binarizer", attribute("threshold", 0.5f), "out_activations_result", "binariser_output")
                .node("Cast", attribute("to", ElementType.INT64.code()), "binariser_output", "label")
                .output("label", ElementType.INT64, 2)
                .output("probabilities", 2);
        ImportedModel model = Imports.readAndCompare(graph);
        assertThat(model.spec().architecture().isMultiLabel()).isTrue();
    }

    @Test
    void readsARegressionOfScikitLearn() {
        GraphFixture graph = scikitLearn(1, "Identity")
                .integers("shape_tensor", -1, 1)
                .node("Reshape", "out_activations_result shape_tensor", "variable")
                .output("variable", 1);
        ImportedModel model = Imports.readAndCompare(graph);
        assertThat(model.ensemble().spec().loss()).isEqualTo(new Loss.MeanSquaredError());
        assertThat(activations(model)).containsExactly(Activation.TANH, Activation.LINEAR);
    }

    /** StandardScaler and the layers of a perceptron for three features. */
    private static GraphFixture scikitLearn(int outputs, String outputActivation) {
        return new GraphFixture()
                .opset(ML, 1)
                .input("float_input", 3)
                .node(
                        ML,
                        "Scaler",
                        Map.of(
                                "offset", new OnnxAttribute.OfFloats(List.of(5f, 3f, -1f)),
                                "scale", new OnnxAttribute.OfFloats(List.of(0.5f, 1f, 4f))),
                        "float_input",
                        "variable1")
                .weights("coefficient", 3, 6)
                .weights("intercepts", 1, 6)
                .weights("coefficient1", 6, outputs)
                .weights("intercepts1", 1, outputs)
                .node("Cast", Map.of("to", FLOAT), "variable1", "cast_input")
                .node("MatMul", "cast_input coefficient", "mul_result")
                .node("Add", "mul_result intercepts", "add_result")
                .node("Tanh", "add_result", "next_activations")
                .node("MatMul", "next_activations coefficient1", "mul_result1")
                .node("Add", "mul_result1 intercepts1", "add_result1")
                .node(outputActivation, "add_result1", "out_activations_result");
    }
}
