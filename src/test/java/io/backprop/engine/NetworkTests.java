package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTests {

    private static final NetworkSpec SPEC = NetworkSpec.of(
            2, new Loss.MeanSquaredError(), new LayerSpec(3, Activation.RELU), new LayerSpec(1, Activation.LINEAR));
    private static final List<LayerParameters> LAYERS = List.of(
            new LayerParameters(Matrix.of(new float[][] {{1, 2}, {3, 4}, {5, 6}}), Vector.of(7, 8, -90)),
            new LayerParameters(Matrix.of(new float[] {10, 11, 12}), Vector.of(13)));

    @Test
    void predictionsFollowTheFormulas() {
        // of (1, −1): 1 − 2 + 7 = 6, 3 − 4 + 8 = 7, 5 − 6 − 90 < 0
        Matrix predictions = Network.of(SPEC, LAYERS).predict(Matrix.of(new float[] {1, -1}));
        assertThat(predictions).isEqualTo(Matrix.of(new float[] {6 * 10 + 7 * 11 + 13}));
    }

    @Test
    void predictsTheClassWithTheLargestOutput() {
        NetworkSpec spec = NetworkSpec.of(1, new Loss.CategoricalCrossentropy(), new LayerSpec(3, Activation.SOFTMAX));
        Network network = Network.of(spec, new float[] {-1, 0, 1, 0, 0, 0});
        assertThat(network.predictClasses(Matrix.of(new float[][] {{-2}, {0}, {2}})))
                .containsExactly(0, 0, 2);
    }

    @Test
    void predictsTheSecondClassAboveOneHalf() {
        NetworkSpec spec = NetworkSpec.of(1, new Loss.BinaryCrossentropy(), new LayerSpec(1, Activation.SIGMOID));
        Network network = Network.of(spec, new float[] {1, 0});
        assertThat(network.predictClasses(Matrix.of(new float[][] {{-1}, {0}, {1e-6f}, {1}})))
                .containsExactly(0, 0, 1, 1);
    }

    @Test
    void predictsNoClassesFromNumbers() {
        assertThatThrownBy(() -> Network.of(SPEC, LAYERS).predictClasses(Matrix.of(new float[] {1, 2})))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("the output activation must be sigmoid or softmax to predict classes, but is linear");
    }

    @Test
    void flatWeightsAreOrderedByInput() {
        assertThat(Network.of(SPEC, LAYERS).parameters()).containsExactly(1, 3, 5, 2, 4, 6, 7, 8, -90, 10, 11, 12, 13);
    }

    @Test
    void rejectsASpecificationOfAnotherShapeWithAsManyParameters() {
        NetworkSpec other = NetworkSpec.of(12, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
        assertThat(other.parameterCount()).isEqualTo(SPEC.parameterCount());
        assertThatThrownBy(() -> Network.of(SPEC, LAYERS).with(other))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage(
                        "the specification must have the widths [2, 3, 1], from inputs to outputs, but has [12, 1]");
    }

    @Test
    void layersRoundTrip() {
        assertThat(Network.of(SPEC, LAYERS).layers()).isEqualTo(LAYERS);
        Network drawn = Network.initialize(SPEC, 5);
        assertThat(Network.of(SPEC, drawn.layers()).parameters()).isEqualTo(drawn.parameters());
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SOFTMAX", "EXPONENTIAL"})
    void predictsManyRowsLikeSingleRows(Activation activation) {
        NetworkSpec spec = NetworkSpec.of(
                7,
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(33, activation),
                new LayerSpec(17, activation),
                new LayerSpec(3, Activation.SOFTMAX));
        Network network = Network.initialize(spec, Initializer.NORMAL, 6);
        Matrix inputs = ExampleData.numbers(700, 7, 1).inputs();
        Matrix predictions = network.predict(inputs);
        for (int row = 0; row < inputs.rows(); row++) {
            assertThat(network.predict(Matrix.of(inputs.row(row))).row(0)).isEqualTo(predictions.row(row));
        }
    }

    @Test
    void fewOutputsOfManyUnitsHaveTheBitsOfLargeBatches() {
        Network network = Network.initialize(
                NetworkSpec.of(
                        3,
                        new Loss.CategoricalCrossentropy(),
                        new LayerSpec(1000, Activation.RELU),
                        new LayerSpec(3, Activation.SOFTMAX)),
                9);
        Matrix inputs = ExampleData.numbers(20, 3, 1).inputs();
        Matrix predictions = network.predict(inputs);
        for (int row = 0; row < inputs.rows(); row++) {
            assertThat(network.predict(Matrix.of(inputs.row(row))).row(0)).isEqualTo(predictions.row(row));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 1000})
    void severalThreadsPredictTheSameBits(int rows) {
        NetworkSpec spec = NetworkSpec.of(
                300,
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(400, Activation.TANH),
                new LayerSpec(600, Activation.RELU),
                new LayerSpec(5, Activation.SOFTMAX));
        Network network = Network.initialize(spec, 3);
        Matrix inputs = ExampleData.numbers(rows, 300, 1).inputs();
        Matrix expected = network.predict(inputs);
        for (int count = 2; count <= 3; count++) {
            Threads threads = Threads.of(count);
            for (int call = 0; call < 3; call++) {
                assertThat(network.predict(inputs, threads)).isEqualTo(expected);
            }
        }
    }

    @Test
    void predictsNothingForNoRows() {
        assertThat(Network.of(SPEC, LAYERS).predict(Matrix.wrap(0, 2, new float[0])))
                .isEqualTo(Matrix.wrap(0, 1, new float[0]));
    }

    @Test
    void isImmutable() {
        float[] parameters = Network.of(SPEC, LAYERS).parameters();
        Network network = Network.of(SPEC, parameters);
        parameters[0] = 99;
        network.parameters()[0] = 99;
        network.layers().get(0).weights().row(0)[0] = 99;
        assertThat(network.layers()).isEqualTo(LAYERS);
    }

    @Test
    void rejectsInvalidArguments() {
        assertThatThrownBy(() -> Network.of(SPEC, new float[12]))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("parameters must have 13 values, but has 12");
        assertThatThrownBy(() -> Network.of(SPEC, LAYERS.subList(0, 1)))
                .hasMessage("layers must have 2 elements, but has 1");
        assertThatThrownBy(() -> Network.of(SPEC, List.of(LAYERS.get(1), LAYERS.get(0))))
                .hasMessage("weights of layer 0 must be 3 × 2, one row per unit, but are 1 × 3");
        LayerParameters biasMissing = new LayerParameters(LAYERS.get(0).weights(), Vector.of(1, 2));
        assertThatThrownBy(() -> Network.of(SPEC, List.of(biasMissing, LAYERS.get(1))))
                .hasMessage("layer 0 must have 3 biases, but has 2");
        assertThatThrownBy(() -> Network.of(SPEC, LAYERS).predict(Matrix.of(new float[] {1, 2, 3})))
                .hasMessage("inputs must have 2 columns, but has 3");
    }
}
