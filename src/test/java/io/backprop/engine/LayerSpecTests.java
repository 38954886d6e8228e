package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LayerSpecTests {

    @Test
    void dropoutDefaultsToZero() {
        assertThat(new LayerSpec(3, Activation.TANH)).isEqualTo(new LayerSpec(3, Activation.TANH, 0));
    }

    @Test
    void rejectsLayerWithoutUnits() {
        assertThatThrownBy(() -> new LayerSpec(0, Activation.RELU))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("units must be at least 1, but was 0");
    }

    @Test
    void rejectsDropoutOutsideItsRange() {
        assertThatThrownBy(() -> new LayerSpec(1, Activation.RELU, 1))
                .hasMessage("dropout must be at least 0 and less than 1, but was 1.0");
        assertThatThrownBy(() -> new LayerSpec(1, Activation.RELU, -0.5f))
                .hasMessage("dropout must be at least 0 and less than 1, but was -0.5");
        assertThatThrownBy(() -> new LayerSpec(1, Activation.RELU, Float.NaN))
                .hasMessage("dropout must be at least 0 and less than 1, but was NaN");
    }

    @Test
    void rejectsSoftmaxOfOneUnit() {
        assertThatThrownBy(() -> new LayerSpec(1, Activation.SOFTMAX))
                .hasMessage("units of a softmax layer must be at least 2, but was 1; use sigmoid for a single output");
    }
}
