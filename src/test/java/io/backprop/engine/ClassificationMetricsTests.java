package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Expected values were computed by hand or by the definitions of scikit-learn. */
class ClassificationMetricsTests {

    /** Actual classes 0, 0, 0, 1, 1, 2; predicted 0, 0, 1, 1, 0, 1. */
    private static final ClassificationMetrics THREE_CLASSES = ClassificationMetrics.of(
            Matrix.of(new float[][] {
                {0.5f, 0.25f, 0.25f},
                {0.5f, 0.375f, 0.125f},
                {0.25f, 0.5f, 0.25f},
                {0.25f, 0.5f, 0.25f},
                {0.5f, 0.25f, 0.25f},
                {0.125f, 0.75f, 0.125f}
            }),
            Matrix.of(new float[][] {{1, 0, 0}, {1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 1, 0}, {0, 0, 1}}));

    @Test
    void confusionMatrixHasARowPerActualClass() {
        assertThat(THREE_CLASSES.confusionMatrix()).isDeepEqualTo(new long[][] {
            {2, 1, 0},
            {1, 1, 0},
            {0, 1, 0}
        });
    }

    @Test
    void confusionMatrixIsACopy() {
        THREE_CLASSES.confusionMatrix()[0][0] = 99;
        assertThat(THREE_CLASSES.confusionMatrix()[0][0]).isEqualTo(2);
    }

    @Test
    void accuracyIsTheShareOnTheDiagonal() {
        assertThat(THREE_CLASSES.accuracy()).isEqualTo(0.5);
    }

    @Test
    void computesPrecisionRecallAndF1PerClass() {
        assertThat(THREE_CLASSES.precision(0)).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(THREE_CLASSES.recall(0)).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(THREE_CLASSES.f1(0)).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(THREE_CLASSES.precision(1)).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(THREE_CLASSES.recall(1)).isEqualTo(0.5);
        assertThat(THREE_CLASSES.f1(1)).isCloseTo(0.4, within(1e-12)); // 2·(1/3)·(1/2) / (5/6)
    }

    @Test
    void precisionOfAClassNeverPredictedIsZero() {
        assertThat(THREE_CLASSES.precision(2)).isZero();
        assertThat(THREE_CLASSES.recall(2)).isZero();
        assertThat(THREE_CLASSES.f1(2)).isZero();
    }

    @Test
    void logLossUsesTheProbabilityOfTheActualClass() {
        double bits = 1 + 1 + 2 + 1 + 2 + 3; // −log₂ of 1/2, 1/2, 1/4, 1/2, 1/4, 1/8
        assertThat(THREE_CLASSES.logLoss()).isCloseTo(bits * Math.log(2) / 6, within(1e-12));
        assertThat(binary(new float[] {0.25f, 0.75f}, 0, 0).logLoss())
                .isCloseTo((-Math.log(0.75) - Math.log(0.25)) / 2, within(1e-12));
    }

    @Test
    void logLossDividesOutputsThatAreNoProbabilitiesByTheirSum() {
        Matrix saturated = Matrix.wrap(2, 3, new float[] {1, 1, 1, 0.2f, 0.2f, 0});
        Matrix targets = Matrix.wrap(2, 3, new float[] {0, 0, 1, 1, 0, 0});

        assertThat(ClassificationMetrics.of(saturated, targets).logLoss())
                .isCloseTo((Math.log(3) + Math.log(2)) / 2, within(1e-6));
    }

    @Test
    void logLossOfACertainErrorIsFinite() {
        assertThat(binary(new float[] {0, 1}, 1, 0).logLoss()).isCloseTo(52 * Math.log(2), within(1e-9));
    }

    @Test
    void singleOutputHasThresholdOneHalf() {
        ClassificationMetrics metrics = binary(new float[] {0.5f, 0.51f, 0.9f, 0.2f}, 0, 0, 1, 1);
        assertThat(metrics.confusionMatrix()).isDeepEqualTo(new long[][] {{1, 1}, {1, 1}});
    }

    @Test
    void predictsTheFirstOfEquallyProbableClasses() {
        assertThat(ClassificationMetrics.classOf(Matrix.of(new float[] {0.2f, 0.4f, 0.4f}), 0))
                .isEqualTo(1);
    }

    @Test
    void aucIsTheShareOfOrderedPairs() {
        // positives 0.9, 0.6, 0.3; negatives 0.7, 0.2: 2 + 1 + 1 of 6 pairs are ordered
        assertThat(binary(new float[] {0.9f, 0.7f, 0.6f, 0.3f, 0.2f}, 1, 0, 1, 1, 0)
                        .auc())
                .isCloseTo(4.0 / 6, within(1e-12));
        assertThat(binary(new float[] {0.1f, 0.2f}, 0, 1).auc()).isEqualTo(1);
        assertThat(binary(new float[] {0.1f, 0.2f}, 1, 0).auc()).isZero();
    }

    @Test
    void aucCountsTiesHalf() {
        // positives 0.5, 0.5, 0.8; negatives 0.5, 0.1: (½ + 1) + (½ + 1) + (1 + 1) of 6 pairs
        assertThat(binary(new float[] {0.5f, 0.5f, 0.5f, 0.8f, 0.1f}, 1, 0, 1, 1, 0)
                        .auc())
                .isCloseTo(5.0 / 6, within(1e-12));
        assertThat(binary(new float[] {0.4f, 0.4f, 0.4f}, 1, 0, 1).auc()).isEqualTo(0.5);
    }

    @Test
    void aucRequiresTwoClassesWithExamples() {
        assertThat(THREE_CLASSES.auc()).isNull();
        assertThat(binary(new float[] {0.1f, 0.2f}, 1, 1).auc()).isNull();
        assertThat(binary(new float[] {0.1f, 0.2f}, 0, 0).auc()).isNull();
    }

    @Test
    void macroMetricsAreMeansOverTheClassesThatOccur() {
        assertThat(THREE_CLASSES.balancedAccuracy()).isCloseTo((2.0 / 3 + 0.5 + 0) / 3, within(1e-12));
        assertThat(THREE_CLASSES.macroF1()).isCloseTo((2.0 / 3 + 0.4 + 0) / 3, within(1e-12));

        // actual 0, 0, 1; predicted 0, 1, 1; class 2 does not occur
        ClassificationMetrics two = ClassificationMetrics.of(
                Matrix.of(new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 1, 0}}),
                Matrix.of(new float[][] {{1, 0, 0}, {1, 0, 0}, {0, 1, 0}}));
        assertThat(two.balancedAccuracy()).isEqualTo(0.75);
        assertThat(two.macroF1()).isCloseTo(2.0 / 3, within(1e-12));
        // a class that is predicted but has no examples counts for F1, not for the balanced accuracy
        ClassificationMetrics one = binary(new float[] {0.9f, 0.1f}, 0, 0);
        assertThat(one.balancedAccuracy()).isEqualTo(0.5);
        assertThat(one.macroF1()).isCloseTo(1.0 / 3, within(1e-12));
    }

    @Test
    void mccIsTheCorrelationOfActualAndPredictedClasses() {
        assertThat(THREE_CLASSES.mcc())
                .isCloseTo(3 / Math.sqrt(18 * 22), within(1e-12)); // (3·6 − 15) / √((36 − 18)(36 − 14))
        assertThat(binary(new float[] {1, 0, 1, 1}, 1, 1, 1, 0).mcc()).isCloseTo(-1.0 / 3, within(1e-12));
        assertThat(binary(new float[] {1, 0}, 1, 0).mcc()).isEqualTo(1);
        assertThat(binary(new float[] {1, 0}, 0, 1).mcc()).isEqualTo(-1);
        assertThat(binary(new float[] {1, 1}, 0, 1).mcc()).isZero(); // undefined
    }

    @Test
    void averagePrecisionIsTheSumOverDistinctScores() {
        // the example of scikit-learn: 1·½ + ⅔·½
        assertThat(binary(new float[] {0.1f, 0.4f, 0.35f, 0.8f}, 0, 0, 1, 1).averagePrecision())
                .isCloseTo(5.0 / 6, within(1e-12));
        // 1·⅓ + ⅔·⅓ + ¾·⅓
        assertThat(binary(new float[] {0.9f, 0.7f, 0.6f, 0.3f, 0.2f}, 1, 0, 1, 1, 0)
                        .averagePrecision())
                .isCloseTo((1 + 2.0 / 3 + 0.75) / 3, within(1e-12));
    }

    @Test
    void averagePrecisionTakesEqualScoresTogether() {
        // 0.8: precision 1, recall ⅓; 0.5: precision ¾, recall 1
        assertThat(binary(new float[] {0.5f, 0.5f, 0.5f, 0.8f, 0.1f}, 1, 0, 1, 1, 0)
                        .averagePrecision())
                .isCloseTo(1.0 / 3 + 0.5, within(1e-12));
        assertThat(binary(new float[] {0.4f, 0.4f, 0.4f}, 1, 0, 1).averagePrecision())
                .isCloseTo(2.0 / 3, within(1e-12));
        assertThat(binary(new float[] {0.4f, 0.4f}, 0, 0).averagePrecision()).isNull();
    }

    @Test
    void twoOutputsAreRankedByTheSecond() {
        ClassificationMetrics metrics = ClassificationMetrics.of(
                Matrix.of(new float[][] {{0.9f, 0.1f}, {0.6f, 0.4f}, {0.65f, 0.35f}, {0.2f, 0.8f}}),
                Matrix.of(new float[][] {{1, 0}, {1, 0}, {0, 1}, {0, 1}}));
        assertThat(metrics.auc()).isEqualTo(0.75);
        assertThat(metrics.averagePrecision()).isCloseTo(5.0 / 6, within(1e-12));
    }

    @Test
    void thresholdMovesTheBorderOfTheSecondClass() {
        ClassificationMetrics.Accumulator accumulator = new ClassificationMetrics.Accumulator(1, 0.3f);
        accumulator.add(
                Matrix.wrap(4, 1, new float[] {0.2f, 0.35f, 0.35f, 0.9f}), Matrix.wrap(4, 1, new float[] {0, 0, 1, 1}));
        assertThat(accumulator.metrics().confusionMatrix()).isDeepEqualTo(new long[][] {{1, 1}, {0, 2}});
        assertThatThrownBy(() -> new ClassificationMetrics.Accumulator(3, 0.3f))
                .hasMessage("threshold is for two classes, but outputs are 3");
    }

    @Test
    void countsNanPredictions() {
        ClassificationMetrics metrics = Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(2), () -> binary(new float[] {Float.NaN, 0.2f, Float.NaN}, 1, 0, 0));
        assertThat(metrics.accuracy()).isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void aucOfManyScoresIsTheShareOfOrderedPairs() {
        Random random = new Random(5);
        float[] scores = new float[300];
        float[] targets = new float[300];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextInt(40) / 40f;
            targets[i] = random.nextInt(3) == 2 ? 1 : 0;
        }
        double inOrder = 0;
        long pairs = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (targets[i] > targets[j]) {
                    inOrder += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        assertThat(binary(scores, targets).auc()).isEqualTo(inOrder / pairs);
    }

    @Test
    void aucTreatsBothZerosAsEqual() {
        assertThat(binary(new float[] {-0f, 0f, -0f, 0f}, 1, 0, 0, 1).auc()).isEqualTo(0.5);
    }

    @Test
    void bitsDoNotDependOnTheDivisionIntoParts() {
        for (int outputs : new int[] {1, 3}) {
            Matrix predictions = ExampleData.probabilities(100, 1, outputs).targets();
            Matrix targets = predictions.select(
                    IntStream.range(0, 100).map(i -> i * 37 % 100).toArray());
            ClassificationMetrics.Accumulator parts = new ClassificationMetrics.Accumulator(outputs);
            for (int row = 0; row < 100; row++) {
                parts.add(predictions.select(new int[] {row}), targets.select(new int[] {row}));
                parts.metrics(); // must not change the result
            }
            assertThat(parts.metrics())
                    .usingRecursiveComparison()
                    .isEqualTo(ClassificationMetrics.of(predictions, targets));
        }
    }

    @Test
    void aucIsNullForTooManyScores() {
        ClassificationMetrics.Accumulator accumulator = new ClassificationMetrics.Accumulator(1);
        Matrix half = Matrix.wrap(1 << 20, 1, new float[1 << 20]);
        float[] ones = new float[1 << 20];
        ones[0] = 1;
        Matrix targets = Matrix.wrap(1 << 20, 1, ones);
        for (int i = 0; i < 16; i++) {
            accumulator.add(half, targets);
        }
        assertThat(accumulator.metrics().auc()).isEqualTo(0.5);
        accumulator.add(half, targets);
        assertThat(accumulator.metrics().auc()).isNull();
        assertThat(accumulator.metrics().accuracy()).isCloseTo(1, within(1e-5));
    }

    @Test
    void manyClassesNeedLittleMemory() {
        int classes = 1_000_000; // a dense confusion matrix would have 10¹² elements
        Matrix zeros = Matrix.wrap(1, classes, new float[classes]);
        ClassificationMetrics metrics = ClassificationMetrics.of(zeros, zeros);
        assertThat(metrics.accuracy()).isEqualTo(1);
    }

    @Test
    void rejectsPredictionsOfAnotherShapeThanTheTargets() {
        Matrix one = Matrix.wrap(1, 1, new float[1]);
        Matrix two = Matrix.wrap(2, 1, new float[2]);
        Matrix wide = Matrix.wrap(1, 2, new float[2]);
        assertThatThrownBy(() -> ClassificationMetrics.of(two, one))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("predictions and targets must have the same number of rows and 1 columns, "
                        + "but are 2 × 1 matrix and 1 × 1 matrix");
        assertThatThrownBy(() -> ClassificationMetrics.of(one, wide))
                .hasMessageEndingWith("but are 1 × 1 matrix and 1 × 2 matrix");
        assertThatThrownBy(() -> new ClassificationMetrics.Accumulator(1).add(wide, wide))
                .hasMessageEndingWith("and 1 columns, but are 1 × 2 matrix and 1 × 2 matrix");
        assertThatThrownBy(() -> new ClassificationMetrics.Accumulator(0))
                .hasMessage("outputs must be at least 1, but was 0");
    }

    @Test
    void rejectsMetricsWithoutExamples() {
        assertThatThrownBy(() -> new ClassificationMetrics.Accumulator(1).metrics())
                .hasMessage("examples must be at least 1, but was 0");
    }

    private static ClassificationMetrics binary(float[] predictions, float... targets) {
        return ClassificationMetrics.of(
                Matrix.wrap(predictions.length, 1, predictions), Matrix.wrap(targets.length, 1, targets));
    }
}
