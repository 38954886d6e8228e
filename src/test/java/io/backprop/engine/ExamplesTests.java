package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExamplesTests {

    private static final Matrix INPUTS = Matrix.of(new float[][] {{5}, {6}, {7}});

    @Test
    void labelsBecomeOneColumnPerClass() {
        assertThat(Examples.ofClasses(INPUTS, new int[] {2, 0, 2}).targets()).isEqualTo(Matrix.of(new float[][] {
            {0, 0, 1}, {1, 0, 0}, {0, 0, 1}
        }));
        assertThat(Examples.ofClasses(INPUTS, new int[] {0, 0, 0}).targets()).isEqualTo(Matrix.of(new float[][] {
            {1, 0}, {1, 0}, {1, 0}
        }));
        assertThat(Examples.ofClasses(INPUTS, new int[] {0, 1, 0}, 3).targets()).isEqualTo(Matrix.of(new float[][] {
            {1, 0, 0}, {0, 1, 0}, {1, 0, 0}
        }));
    }

    @Test
    void labelsBecomeTheTargetsOfSingleOutput() {
        assertThat(Examples.ofClasses(INPUTS, new int[] {0, 1, 0}, 1).targets())
                .isEqualTo(Matrix.of(new float[][] {{0}, {1}, {0}}));
    }

    @Test
    void rejectsInvalidLabels() {
        assertThatThrownBy(() -> Examples.ofClasses(INPUTS, new int[] {0, -1, 1}))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("labels must be at least 0 and less than 2, but labels[1] is -1");
        assertThatThrownBy(() -> Examples.ofClasses(INPUTS, new int[] {0, 1, 2}, 1))
                .hasMessage("labels must be at least 0 and less than 2, but labels[2] is 2");
        assertThatThrownBy(() -> Examples.ofClasses(INPUTS, new int[] {0, 1, 3}, 3))
                .hasMessage("labels must be at least 0 and less than 3, but labels[2] is 3");
        assertThatThrownBy(() -> Examples.ofClasses(INPUTS, new int[] {0, 1, 1}, 0))
                .hasMessage("outputs must be at least 1, but was 0");
        assertThatThrownBy(() -> Examples.ofClasses(INPUTS, new int[] {0, 1}))
                .hasMessage("inputs and targets must have the same number of rows, but have 3 and 2");
        assertThatThrownBy(() -> Examples.ofClasses(INPUTS, new int[] {0, Integer.MAX_VALUE, 1}))
                .hasMessage("labels must be at least 0 and less than 2147483647, but labels[1] is 2147483647");
        assertThatThrownBy(() -> Examples.ofClasses(INPUTS, new int[] {0, Integer.MAX_VALUE - 1, 1}))
                .hasMessage("a matrix must have at most 2147483639 elements, but has 3 × 2147483647");
    }

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
        NetworkSpec threeInputs = NetworkSpec.of(3, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
        NetworkSpec twoOutputs = NetworkSpec.of(2, new Loss.MeanSquaredError(), new LayerSpec(2, Activation.LINEAR));
        assertThatThrownBy(() -> ExampleData.xor().requireFit(threeInputs))
                .hasMessage("inputs must have 3 columns, but has 2");
        assertThatThrownBy(() -> ExampleData.xor().requireFit(twoOutputs))
                .hasMessage("targets must have 2 columns, but has 1");
    }
}
