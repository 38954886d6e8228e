package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTests {

    private final Matrix predictions = ExampleData.probabilities(100, 1, 3).targets();
    private final Matrix targets =
            predictions.select(IntStream.range(0, 100).map(i -> i * 37 % 100).toArray());

    @ParameterizedTest
    @EnumSource
    void hasTheBitsOfTheMetrics(Metric metric) {
        assertThat(metric.of(predictions, targets)).isEqualTo(expected(metric));
    }

    private @Nullable Double expected(Metric metric) {
        return switch (metric) {
            case ACCURACY -> ClassificationMetrics.of(predictions, targets).accuracy();
            case MULTI_LABEL_ACCURACY ->
                MultiLabelMetrics.of(predictions, targets).accuracy();
            case R2 -> RegressionMetrics.of(predictions, targets).r2();
        };
    }

    @ParameterizedTest
    @EnumSource
    void rejectsOtherNumbersOfPredictionsThanTargets(Metric metric) {
        Matrix fewer = predictions.select(new int[] {0, 1});
        assertThatThrownBy(() -> metric.of(fewer, targets))
                .hasMessage("predictions and targets must have the same number of rows and 3 columns,"
                        + " but are 2 × 3 matrix and 100 × 3 matrix");
        assertThatThrownBy(() -> metric.of(targets, fewer)).isInstanceOf(InvalidArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void rejectsNoRows(Metric metric) {
        Matrix empty = Matrix.wrap(0, 1, new float[0]);
        assertThatThrownBy(() -> metric.of(empty, empty)).hasMessage("examples must be at least 1, but was 0");
    }
}
