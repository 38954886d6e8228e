package io.backprop.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.Activation;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.TargetKind;
import io.backprop.tabular.Preprocessing;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetricsAccumulatorTests {

    private static final Matrix PREDICTIONS = column(0.2f, 0.9f, 0.7f);
    private static final Matrix ZEROS_AND_ONES = column(0, 1, 0);
    private static final Matrix NUMBERS = column(0, 1, 0.5f);

    @Test
    void choosesMetricsByTask() {
        for (Matrix targets : List.of(ZEROS_AND_ONES, NUMBERS)) {
            assertThat(Metrics.of(architecture(Task.REGRESSION), PREDICTIONS, targets))
                    .isInstanceOf(Metrics.Regression.class);
            assertThat(Metrics.of(architecture(Task.CLASSIFICATION), PREDICTIONS, targets))
                    .isInstanceOf(Metrics.Classification.class);
        }
    }

    @Test
    void choosesMetricsByTargetsWithoutTask() {
        assertThat(Metrics.of(architecture(null), PREDICTIONS, ZEROS_AND_ONES))
                .isInstanceOf(Metrics.Classification.class);
        assertThat(Metrics.of(architecture(null), PREDICTIONS, NUMBERS)).isInstanceOf(Metrics.Regression.class);
    }

    @Test
    void partsGiveTheSameMetricsAsTheWhole() {
        for (Matrix targets : List.of(ZEROS_AND_ONES, NUMBERS)) {
            MetricsAccumulator parts = new MetricsAccumulator(architecture(null), 1);
            for (int row = 0; row < targets.rows(); row++) {
                parts.add(PREDICTIONS.select(new int[] {row}), targets.select(new int[] {row}));
            }
            assertThat(parts.metrics())
                    .usingRecursiveComparison()
                    .isEqualTo(Metrics.of(architecture(null), PREDICTIONS, targets));
        }
    }

    @Test
    void keyMetricIsOneOfTheMetrics() {
        for (Matrix targets : List.of(ZEROS_AND_ONES, NUMBERS)) {
            TargetKind kind = Metrics.targetKind(architecture(null), targets);
            Metric metric = kind.keyMetric();
            assertThat(metric.id()).isEqualTo(targets.equals(NUMBERS) ? "r2" : "accuracy");
            assertThat(Metrics.of(architecture(null), PREDICTIONS, targets).numbers())
                    .containsEntry(metric.id(), kind.measure(metric, PREDICTIONS, targets));
        }
    }

    private static Architecture architecture(@Nullable Task task) {
        OutputSpec output = new OutputSpec(task, Activation.SIGMOID, new Loss.MeanSquaredError(), 0, false);
        return new Architecture(1, List.of(), 1, output, null, Preprocessing.NONE);
    }

    private static Matrix column(float... values) {
        return Matrix.wrap(values.length, 1, values);
    }
}
