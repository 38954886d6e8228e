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
    void accumulatedValueHasTheBitsOfTheMetrics(Metric metric) {
        Metric.Accumulator accumulator = metric.accumulator(targets);
        for (int time = 0; time < 2; time++) {
            accumulator.reset();
            for (int row = 0; row < 100; row += 20) {
                accumulator.add(
                        predictions.select(IntStream.range(row, row + 20).toArray()));
            }
            assertThat(accumulator.value()).isEqualTo(expected(metric)).isEqualTo(metric.of(predictions, targets));
        }
    }

    private @Nullable Double expected(Metric metric) {
        return switch (metric) {
            case ACCURACY -> ClassificationMetrics.of(predictions, targets).accuracy();
            case R2 -> RegressionMetrics.of(predictions, targets).r2();
        };
    }

    @ParameterizedTest
    @EnumSource
    void rejectsFewerPredictionsThanTargets(Metric metric) {
        Matrix fewer = predictions.select(new int[] {0, 1});
        assertThatThrownBy(() -> metric.of(fewer, targets))
                .hasMessage("predictions must be for 100 rows, but are for 2");
        assertThatThrownBy(() -> metric.accumulator(Matrix.wrap(0, 1, new float[0])))
                .hasMessage("rows of targets must be at least 1, but was 0");
    }

    @ParameterizedTest
    @EnumSource
    void rejectsMorePredictionsThanTargets(Metric metric) {
        Metric.Accumulator accumulator = metric.accumulator(targets);
        accumulator.add(predictions);
        assertThatThrownBy(() -> accumulator.add(predictions.select(new int[] {0})))
                .hasMessage("predictions must be at most 0 × 3, but were 1 × 3");
    }
}
