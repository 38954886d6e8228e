package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingDataTests {

    @Test
    void everyExampleIsInOnePart() {
        TrainingData data = random(examples(100, 2, row -> row % 2), 0.2f, 7);
        List<Integer> all = new ArrayList<>(rows(data.training()));
        all.addAll(validationRows(data));
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 100).boxed().toList());
        assertThat(validationRows(data)).hasSize(20);
    }

    @Test
    void bothPartsKeepTheOrder() {
        TrainingData data = random(examples(100, 2, row -> row % 2), 0.4f, 7);
        assertThat(rows(data.training())).isSorted();
        assertThat(validationRows(data)).isSorted();
    }

    @Test
    void validationPartIsDrawnAtRandom() {
        Examples examples = examples(1000, 2, row -> row % 2);
        List<Integer> validation = validationRows(random(examples, 0.2f, 7));
        assertThat(validation.stream().mapToInt(row -> row).average()).hasValueCloseTo(499.5, within(60.0));
        assertThat(validation.stream().filter(row -> row < 500)).hasSizeBetween(75, 125);
    }

    @Test
    void splitDependsOnTheSeed() {
        Examples examples = examples(100, 2, row -> row % 2);
        assertThat(validationRows(random(examples, 0.2f, 7)))
                .isEqualTo(validationRows(random(examples, 0.2f, 7)))
                .isNotEqualTo(validationRows(random(examples, 0.2f, 8)));
    }

    @Test
    void targetsAndWeightsStayWithTheirInputs() {
        float[] weights = new float[100];
        for (int row = 0; row < 100; row++) {
            weights[row] = row;
        }
        Examples examples = examples(100, 3, row -> row % 3).withWeights(Vector.wrap(weights));
        Examples training = random(examples, 0.2f, 7).training();
        for (int i = 0; i < training.size(); i++) {
            int row = (int) training.inputs().get(i, 0);
            assertThat(ClassificationMetrics.classOf(training.targets(), i)).isEqualTo(row % 3);
            assertThat(Objects.requireNonNull(training.weights()).get(i)).isEqualTo(row);
        }
    }

    @Test
    void stratifiedSplitKeepsTheProportionsOfClasses() {
        Examples sorted = examples(100, 3, row -> row < 60 ? 0 : row < 90 ? 1 : 2);
        List<Integer> validation = validationRows(stratified(sorted, 0.2f, 7));
        assertThat(validation.stream().filter(row -> row < 60)).hasSize(12);
        assertThat(validation.stream().filter(row -> row >= 60 && row < 90)).hasSize(6);
        assertThat(validation.stream().filter(row -> row >= 90)).hasSize(2);
    }

    @Test
    void stratifiedSplitSupportsASingleOutput() {
        Examples sorted = examples(50, 1, row -> row < 40 ? 0 : 1);
        List<Integer> validation = validationRows(stratified(sorted, 0.1f, 7));
        assertThat(validation.stream().filter(row -> row < 40)).hasSize(4);
        assertThat(validation.stream().filter(row -> row >= 40)).hasSize(1);
    }

    @Test
    void keepsASingleExampleOfAClassForTraining() {
        Examples examples = examples(11, 2, row -> row == 10 ? 1 : 0);
        TrainingData data = stratified(examples, 0.9f, 7);
        assertThat(rows(data.training())).hasSize(2).contains(10);
    }

    @Test
    void splitsManyClassesInProportion() {
        Examples examples = examples(4000, 1000, row -> row / 4);
        List<Integer> validation = validationRows(stratified(examples, 0.25f, 7));
        assertThat(validation.stream().map(row -> row / 4))
                .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
    }

    @Test
    void rejectsShareWithoutValidationRows() {
        Examples examples = examples(4, 2, row -> 0);
        assertThatThrownBy(() -> random(examples, 0.1f, 7))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("validationShare 0.1 of 4 rows leaves no row for validation");
        assertThatThrownBy(() -> stratified(examples(4, 4, row -> row), 0.4f, 7))
                .hasMessage(
                        "validationShare 0.4 of 4 rows leaves no row for validation, because one of each class is kept for training");
        assertThatThrownBy(() -> random(examples, 1, 7))
                .hasMessage("validationShare must be greater than 0 and less than 1, but was 1.0");
        assertThatThrownBy(() -> random(examples, Float.NaN, 7))
                .hasMessage("validationShare must be greater than 0 and less than 1, but was NaN");
    }

    private static TrainingData random(Examples examples, float share, long seed) {
        return TrainingData.of(examples, Split.random(examples.size(), share, seed));
    }

    private static TrainingData stratified(Examples examples, float share, long seed) {
        int[] classes = ClassificationMetrics.classesOf(examples.targets());
        return TrainingData.of(examples, Split.stratified(classes, share, seed));
    }

    /** The input of each example is the number of its row. */
    private static Examples examples(int rows, int outputs, IntUnaryOperator classOfRow) {
        float[] inputs = new float[rows];
        float[] targets = new float[rows * outputs];
        for (int row = 0; row < rows; row++) {
            int label = classOfRow.applyAsInt(row);
            inputs[row] = row;
            targets[row * outputs + (outputs == 1 ? 0 : label)] = outputs == 1 ? label : 1;
        }
        return Examples.of(Matrix.wrap(rows, 1, inputs), Matrix.wrap(rows, outputs, targets));
    }

    private static List<Integer> rows(Examples examples) {
        return IntStream.range(0, examples.size())
                .mapToObj(row -> (int) examples.inputs().get(row, 0))
                .toList();
    }

    private static List<Integer> validationRows(TrainingData data) {
        return rows(Objects.requireNonNull(data.validation()));
    }
}
