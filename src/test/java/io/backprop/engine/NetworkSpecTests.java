package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkSpecTests {

    private static final LayerSpec HIDDEN = new LayerSpec(4, Activation.TANH);
    private static final LayerSpec OUTPUT = new LayerSpec(2, Activation.LINEAR);

    @Test
    void parametersAreOrderedByLayerWithWeightsFirst() {
        NetworkSpec spec = NetworkSpec.of(3, new Loss.MeanSquaredError(), HIDDEN, OUTPUT);
        assertThat(DenseLayer.of(spec)[0].weightsOffset()).isZero();
        assertThat(DenseLayer.of(spec)[0].biasesOffset()).isEqualTo(12);
        assertThat(DenseLayer.of(spec)[1].weightsOffset()).isEqualTo(16);
        assertThat(DenseLayer.of(spec)[1].biasesOffset()).isEqualTo(24);
        assertThat(spec.parameterCount()).isEqualTo(26);
        assertThat(spec.parameterCount(0)).isEqualTo(16);
        assertThat(spec.parameterCount(1)).isEqualTo(10);
    }

    @Test
    void inputsOfALayerAreTheUnitsOfTheLayerBelow() {
        NetworkSpec spec = NetworkSpec.of(3, new Loss.MeanSquaredError(), HIDDEN, OUTPUT);
        assertThat(spec.inputsOf(0)).isEqualTo(3);
        assertThat(spec.inputsOf(1)).isEqualTo(4);
        assertThat(spec.outputs()).isEqualTo(2);
        assertThat(spec.outputLayer()).isEqualTo(OUTPUT);
    }

    @Test
    void copiesTheListOfLayers() {
        List<LayerSpec> layers = new ArrayList<>(List.of(HIDDEN, OUTPUT));
        NetworkSpec spec = new NetworkSpec(3, layers, new Loss.MeanSquaredError());
        layers.clear();
        assertThat(spec.layers()).containsExactly(HIDDEN, OUTPUT);
    }

    @Test
    void rejectsNoInputs() {
        assertThatThrownBy(() -> NetworkSpec.of(0, new Loss.MeanSquaredError(), OUTPUT))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("inputs must be at least 1, but was 0");
    }

    @Test
    void rejectsNoLayers() {
        assertThatThrownBy(() -> NetworkSpec.of(1, new Loss.MeanSquaredError()))
                .hasMessage("layers must have at least 1 layer, but has none");
    }

    @Test
    void rejectsExponentialInAHiddenLayer() {
        LayerSpec exponential = new LayerSpec(4, Activation.EXPONENTIAL);
        assertThatThrownBy(() -> NetworkSpec.of(1, new Loss.MeanSquaredError(), exponential, OUTPUT))
                .hasMessage("activation of hidden layer 0 must not be exponential, which is only for the output layer");
    }

    @Test
    void rejectsSoftmaxInAHiddenLayer() {
        LayerSpec softmax = new LayerSpec(4, Activation.SOFTMAX);
        assertThatThrownBy(() -> NetworkSpec.of(1, new Loss.MeanSquaredError(), HIDDEN, softmax, OUTPUT))
                .hasMessage("activation of hidden layer 1 must not be softmax, which is only for the output layer");
    }

    @Test
    void rejectsDropoutOfTheOutputLayer() {
        LayerSpec dropping = new LayerSpec(2, Activation.LINEAR, 0.5f);
        assertThatThrownBy(() -> NetworkSpec.of(1, new Loss.MeanSquaredError(), dropping))
                .hasMessage("dropout of the output layer must be 0, but was 0.5");
    }

    @Test
    void rejectsLossThatDoesNotFitTheActivation() {
        LayerSpec softmax = new LayerSpec(2, Activation.SOFTMAX);
        LayerSpec sigmoid = new LayerSpec(2, Activation.SIGMOID);
        assertThatThrownBy(() -> NetworkSpec.of(1, new Loss.MeanSquaredError(), softmax))
                .hasMessage("loss mean_squared_error does not fit output activation softmax; "
                        + "fitting losses: categorical_crossentropy");
        assertThatThrownBy(() -> NetworkSpec.of(1, new Loss.CategoricalCrossentropy(), sigmoid))
                .hasMessage("loss categorical_crossentropy does not fit output activation sigmoid; fitting losses:"
                        + " mean_squared_error, mean_absolute_error, huber, quantile, binary_crossentropy");
        assertThatThrownBy(() -> NetworkSpec.of(1, new Loss.BinaryCrossentropy(), OUTPUT))
                .hasMessage("loss binary_crossentropy does not fit output activation linear; "
                        + "fitting losses: mean_squared_error, mean_absolute_error, huber, quantile");
    }

    @Test
    void poissonFitsPositiveOutputs() {
        for (Activation output : List.of(Activation.EXPONENTIAL, Activation.SOFTPLUS)) {
            assertThat(new Loss.Poisson().fits(output)).isTrue();
        }
        assertThatThrownBy(() -> NetworkSpec.of(1, new Loss.Poisson(), HIDDEN))
                .hasMessage("loss poisson does not fit output activation tanh; "
                        + "fitting losses: mean_squared_error, mean_absolute_error, huber, quantile");
    }

    @Test
    void rejectsMoreParametersThanAnArrayHolds() {
        LayerSpec wide = new LayerSpec(65_536, Activation.TANH);
        assertThatThrownBy(() -> NetworkSpec.of(65_536, new Loss.MeanSquaredError(), wide))
                .hasMessage("layers must have at most 2147483639 parameters in total, but has 4295032832");
    }

    @Test
    void rejectsWidthsWhoseProductOverflows() {
        LayerSpec widest = new LayerSpec(Integer.MAX_VALUE, Activation.TANH);
        assertThatThrownBy(() -> NetworkSpec.of(1, new Loss.MeanSquaredError(), widest, widest, widest, widest))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageStartingWith("layers must have at most 2147483639 parameters in total, but has ");
    }
}
