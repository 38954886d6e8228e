package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Expected values are those of scikit-learn's metrics of each output, or were computed by hand. */
class MultiLabelMetricsTests {

    private static final Matrix TARGETS = Matrix.of(new float[][] {{1, 1, 0}, {0, 0, 0}, {1, 0, 0}, {0, 1, 0}});
    private static final Matrix PREDICTIONS = Matrix.of(
            new float[][] {{0.9f, 0.75f, 0.25f}, {0.25f, 0.5f, 0.25f}, {0.25f, 0.75f, 0.25f}, {0.25f, 0.75f, 0.25f}});
    private static final MultiLabelMetrics METRICS = MultiLabelMetrics.of(PREDICTIONS, TARGETS);

    @Test
    void accuracyCountsLabelsAndSubsetAccuracyCountsRows() {
        assertThat(METRICS.accuracy()).isEqualTo((3 / 4.0 + 3 / 4.0 + 1) / 3);
        assertThat(METRICS.subsetAccuracy()).isEqualTo(3 / 4.0); // all but the third row
    }

    @Test
    void eachLabelHasItsOwnMetrics() {
        assertThat(METRICS.precision(0)).isEqualTo(1);
        assertThat(METRICS.recall(0)).isEqualTo(1 / 2.0);
        assertThat(METRICS.f1(0)).isEqualTo(2 / 3.0);
        assertThat(METRICS.precision(1)).isEqualTo(2 / 3.0);
        assertThat(METRICS.recall(1)).isEqualTo(1);
        assertThat(METRICS.f1(1)).isEqualTo(4 / 5.0);
        assertThat(METRICS.precision(2)).isZero();
        assertThat(METRICS.recall(2)).isZero();
        assertThat(IntStream.range(0, 3).mapToLong(METRICS::examples)).containsExactly(2L, 2L, 0L);
        assertThat(IntStream.range(0, 3).mapToLong(METRICS::predictions)).containsExactly(1L, 3L, 0L);
    }

    @Test
    void metricsAreMeansOverTheLabels() {
        assertThat(METRICS.macroF1()).isEqualTo((2 / 3.0 + 4 / 5.0 + 0) / 3);
        assertThat(METRICS.balancedAccuracy()).isEqualTo((3 / 4.0 + 3 / 4.0 + 1) / 3);
        assertThat(METRICS.mcc()).isCloseTo((1 / Math.sqrt(3) + 1 / Math.sqrt(3) + 0) / 3, within(1e-12));
        double loss = -Math.log(0.9f) - 8 * Math.log(0.75) - Math.log(0.5) - 2 * Math.log(0.25);
        assertThat(METRICS.logLoss()).isCloseTo(loss / 12, within(1e-12));
    }

    @Test
    void thresholdAppliesToEachLabel() {
        MultiLabelMetrics.Accumulator accumulator = new MultiLabelMetrics.Accumulator(3, 0.8f);
        accumulator.add(PREDICTIONS, TARGETS);
        assertThat(IntStream.range(0, 3).mapToLong(accumulator.metrics()::predictions))
                .containsExactly(1L, 0L, 0L);
    }

    @Test
    void bitsDoNotDependOnTheDivisionIntoParts() {
        MultiLabelMetrics.Accumulator parts = new MultiLabelMetrics.Accumulator(3, null);
        for (int row = 0; row < 4; row++) {
            parts.add(PREDICTIONS.select(new int[] {row}), TARGETS.select(new int[] {row}));
        }
        assertThat(parts.metrics()).usingRecursiveComparison().isEqualTo(METRICS);
    }

    @Test
    void rejectsMetricsWithoutExamples() {
        assertThatThrownBy(() -> new MultiLabelMetrics.Accumulator(3, null).metrics())
                .hasMessage("examples must be at least 1, but was 0");
    }
}
