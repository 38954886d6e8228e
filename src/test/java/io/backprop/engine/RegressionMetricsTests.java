package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Expected values were computed by hand. */
class RegressionMetricsTests {

    @Test
    void errorsAreMeansOverExamples() {
        RegressionMetrics metrics = RegressionMetrics.of(column(1, 2, 5), column(2, 2, 3)); // errors −1, 0, 2
        assertThat(metrics.meanSquaredError()).isCloseTo(5.0 / 3, within(1e-12));
        assertThat(metrics.meanAbsoluteError()).isEqualTo(1);
        assertThat(metrics.rootMeanSquaredError()).isCloseTo(Math.sqrt(5.0 / 3), within(1e-12));
    }

    @Test
    void r2ComparesWithTheMean() {
        // targets 1, 2, 3, 6 with mean 3: Σ(t − t̄)² = 4 + 1 + 0 + 9 = 14; Σ(p − t)² = 0 + 1 + 0 + 4 = 5
        RegressionMetrics metrics = RegressionMetrics.of(column(1, 3, 3, 4), column(1, 2, 3, 6));
        assertThat(metrics.r2()).isCloseTo(1 - 5.0 / 14, within(1e-12));
    }

    @Test
    void r2OfPerfectPredictionsIsOneAndOfTheMeanZero() {
        assertThat(RegressionMetrics.of(column(1, 2, 6), column(1, 2, 6)).r2()).isEqualTo(1);
        assertThat(RegressionMetrics.of(column(3, 3, 3), column(1, 2, 6)).r2()).isZero();
    }

    @Test
    void outputsHaveEqualWeight() {
        Matrix targets = Matrix.of(new float[][] {{0, 10}, {2, 30}});
        Matrix predictions = Matrix.of(new float[][] {{1, 10}, {1, 20}});
        RegressionMetrics metrics = RegressionMetrics.of(predictions, targets);
        assertThat(metrics.meanSquaredError()).isEqualTo((1 + 0 + 1 + 100) / 4.0);
        assertThat(metrics.meanAbsoluteError()).isEqualTo((1 + 0 + 1 + 10) / 4.0);
        assertThat(metrics.r2()).isEqualTo(((1 - 2 / 2.0) + (1 - 100 / 200.0)) / 2);
    }

    @Test
    void r2OfConstantTargetsIsOneForExactPredictionsElseZero() {
        assertThat(RegressionMetrics.of(column(1, 2), column(3, 3)).r2()).isZero();
        assertThat(RegressionMetrics.of(column(3, 3), column(3, 3)).r2()).isOne();
    }

    @Test
    void r2OfManyEqualTargetsIsZero() {
        float[] targets = new float[100_000];
        Arrays.fill(targets, 0.1f);
        assertThat(RegressionMetrics.of(column(new float[targets.length]), column(targets))
                        .r2())
                .isZero();
    }

    @Test
    void r2OfSeveralOutputsIncludesConstantOnes() {
        Matrix targets = Matrix.of(new float[][] {{0, 5}, {2, 5}});
        Matrix predictions = Matrix.of(new float[][] {{0, 5}, {2, 6}});
        assertThat(RegressionMetrics.of(predictions, targets).r2()).isEqualTo((1 + 0) / 2.0);
    }

    @Test
    void r2OfOneExampleIsUndefined() {
        assertThat(RegressionMetrics.of(column(3), column(3)).r2()).isNull();
    }

    @Test
    void r2IsExactForLargeTargetsWithSmallDifferences() {
        float[] targets = new float[100_000];
        float[] predictions = new float[targets.length];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = 1e12f + (i % 2) * 65_536; // neighbors in float32; their squares differ in the 8th digit
            predictions[i] = 1e12f;
        }
        // Σ(p − t)² = n/2·d²; Σ(t − t̄)² = n·(d/2)²
        assertThat(RegressionMetrics.of(column(predictions), column(targets)).r2())
                .isCloseTo(-1, within(1e-9));
    }

    @Test
    void bitsDoNotDependOnTheDivisionIntoParts() {
        Matrix predictions = ExampleData.numbers(1_000, 3, 3).inputs();
        Matrix targets = ExampleData.numbers(1_000, 3, 3).targets();
        RegressionMetrics.Accumulator parts = new RegressionMetrics.Accumulator(3);
        int first = 0;
        for (int end : new int[] {1, 8, 900, 1_000}) {
            int[] rows = IntStream.range(first, end).toArray();
            parts.add(predictions.select(rows), targets.select(rows));
            first = end;
        }
        assertThat(parts.metrics()).isEqualTo(RegressionMetrics.of(predictions, targets));
    }

    @Test
    void rejectsPredictionsOfAnotherShapeThanTheTargets() {
        Matrix two = column(1, 2);
        Matrix wide = Matrix.wrap(1, 2, new float[2]);
        assertThatThrownBy(() -> RegressionMetrics.of(column(1, 2, 3), two))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("predictions and targets must have the same number of rows and 1 columns, "
                        + "but are 3 × 1 matrix and 2 × 1 matrix");
        assertThatThrownBy(() -> RegressionMetrics.of(wide, column(1)))
                .hasMessageEndingWith("but are 1 × 2 matrix and 1 × 1 matrix");
        assertThatThrownBy(() -> new RegressionMetrics.Accumulator(1).add(wide, wide))
                .hasMessageEndingWith("and 1 columns, but are 1 × 2 matrix and 1 × 2 matrix");
        assertThatThrownBy(() -> new RegressionMetrics.Accumulator(0))
                .hasMessage("outputs must be at least 1, but was 0");
    }

    @Test
    void rejectsMetricsWithoutExamples() {
        assertThatThrownBy(() -> new RegressionMetrics.Accumulator(1).metrics())
                .hasMessage("examples must be at least 1, but was 0");
    }

    private static Matrix column(float... values) {
        return Matrix.wrap(values.length, 1, values);
    }
}
