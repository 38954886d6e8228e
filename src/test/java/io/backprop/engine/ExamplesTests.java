package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExamplesTests {

    @Test
    void rejectsDifferentNumbersOfInputsAndTargets() {
        assertThatThrownBy(() -> Examples.of(Matrix.wrap(2, 1, new float[2]), Matrix.wrap(3, 1, new float[3])))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("inputs and targets must have the same number of rows, but have 2 and 3");
    }

    @Test
    void rejectsEmptyExamples() {
        assertThatThrownBy(() -> Examples.of(Matrix.wrap(0, 1, new float[0]), Matrix.wrap(0, 1, new float[0])))
                .hasMessage("inputs must have at least 1 row, but has none");
    }

    @Test
    void rejectsEmptySelection() {
        assertThatThrownBy(() -> ExampleData.xor().select(new int[0]))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("rows must select at least 1 example, but select none");
    }

    @Test
    void rejectsInvalidWeights() {
        assertThatThrownBy(() -> ExampleData.xor().withWeights(Vector.of(1, 2)))
                .hasMessage("weights must have 4 values, but has 2");
        assertThatThrownBy(() -> ExampleData.xor().withWeights(Vector.of(1, 2, -1, 0)))
                .hasMessage("weights[2] must be finite and at least 0, but was -1.0");
        assertThatThrownBy(() -> ExampleData.xor().withWeights(Vector.of(Float.NaN, 2, 1, 0)))
                .hasMessage("weights[0] must be finite and at least 0, but was NaN");
        assertThatThrownBy(() -> ExampleData.xor().withWeights(Vector.of(0, Float.POSITIVE_INFINITY, 1, 0)))
                .hasMessage("weights[1] must be finite and at least 0, but was Infinity");
    }

    @Test
    void rejectsExamplesOfOtherWidths() {
        NetworkSpec threeInputs = NetworkSpec.of(3, Loss.MEAN_SQUARED_ERROR, new LayerSpec(1, Activation.LINEAR));
        NetworkSpec twoOutputs = NetworkSpec.of(2, Loss.MEAN_SQUARED_ERROR, new LayerSpec(2, Activation.LINEAR));
        assertThatThrownBy(() -> ExampleData.xor().requireFit(threeInputs))
                .hasMessage("inputs must have 3 columns, but has 2");
        assertThatThrownBy(() -> ExampleData.xor().requireFit(twoOutputs))
                .hasMessage("targets must have 2 columns, but has 1");
    }
}
