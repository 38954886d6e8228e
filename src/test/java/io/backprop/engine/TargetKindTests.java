package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TargetKindTests {

    private static final int CLASSES = 7;
    private static final int EXAMPLES = 40;

    private final Matrix predictions = ExampleData.probabilities(100, 1, 3).targets();
    private final Matrix targets =
            predictions.select(IntStream.range(0, 100).map(i -> i * 37 % 100).toArray());

    /** Expected values are of scikit-learn 1.4; no example has class 6, which is predicted. */
    @ParameterizedTest
    @CsvSource({
        "ACCURACY, 0.225",
        "BALANCED_ACCURACY, 0.18055555555555555",
        "TOP_3_ACCURACY, 0.5",
        "TOP_5_ACCURACY, 0.675",
        "LOG_LOSS, 2.2343280362692304",
        "MACRO_F1, 0.1695970695970696",
        "MCC, 0.09160895709110362"
    })
    void metricsOfClassesAreThoseOfScikitLearn(Metric metric, double expected) {
        float[] scores = new float[EXAMPLES * CLASSES];
        float[] classes = new float[EXAMPLES * CLASSES];
        for (int i = 0; i < EXAMPLES; i++) {
            for (int j = 0; j < CLASSES; j++) {
                scores[i * CLASSES + j] = (i * 37 + j * 61 + i * j * 13) % 101 + 1;
            }
            classes[i * CLASSES + (i * i + i / 3) % 6] = 1;
        }
        Double value = TargetKind.CLASSES.measure(
                metric, Matrix.wrap(EXAMPLES, CLASSES, scores), Matrix.wrap(EXAMPLES, CLASSES, classes));
        assertThat(value).isCloseTo(expected, within(1e-12));
    }

    /** Expected values are of scikit-learn 1.4; the scores have few distinct values. */
    @ParameterizedTest
    @CsvSource({"AUC, 0.4615384615384616", "AVERAGE_PRECISION, 0.3021367521367521"})
    void metricsOfTiedScoresAreThoseOfScikitLearn(Metric metric, double expected) {
        float[] scores = new float[EXAMPLES];
        float[] classes = new float[EXAMPLES];
        for (int i = 0; i < EXAMPLES; i++) {
            int level = (i * 37 % 101 + 1) / 20;
            scores[i] = level / 8f;
            classes[i] = (i * i + i / 3) % 6 % 2;
        }
        Double value =
                TargetKind.CLASSES.measure(metric, Matrix.wrap(EXAMPLES, 1, scores), Matrix.wrap(EXAMPLES, 1, classes));
        assertThat(value).isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void eachMetricHasTheSameBitsAloneAndTogether(TargetKind kind) {
        List<Metric> metrics = kind.metrics(3);
        assertThat(kind.measure(new LinkedHashSet<>(metrics), predictions, targets))
                .containsExactlyElementsOf(metrics.stream()
                        .map(metric -> new Metric.Score(metric, kind.measure(metric, predictions, targets)))
                        .toList())
                .allMatch(score -> score.value() != null);
        assertThat(metrics).contains(kind.keyMetric());
    }

    @Test
    void topAccuraciesNeedMoreClasses() {
        assertThat(TargetKind.CLASSES.metrics(3)).doesNotContain(Metric.TOP_3_ACCURACY);
        assertThat(TargetKind.CLASSES.metrics(5))
                .contains(Metric.TOP_3_ACCURACY)
                .doesNotContain(Metric.TOP_5_ACCURACY);
        assertThat(TargetKind.CLASSES.metrics(6)).contains(Metric.TOP_3_ACCURACY, Metric.TOP_5_ACCURACY);
        assertThat(TargetKind.LABELS.metrics(6)).doesNotContain(Metric.TOP_3_ACCURACY);
    }

    @Test
    void topAccuracyPrefersTheFirstOfEquallyProbableClasses() {
        Matrix equal = Matrix.of(new float[] {0.1f, 0.3f, 0.3f, 0.3f, 0}, new float[] {0.1f, 0.3f, 0.3f, 0.3f, 0});
        ClassificationMetrics metrics =
                ClassificationMetrics.of(equal, Matrix.of(new float[] {0, 1, 0, 0, 0}, new float[] {0, 0, 0, 1, 0}));
        assertThat(IntStream.rangeClosed(1, 5).mapToObj(metrics::topAccuracy)).containsExactly(0.5, 0.5, 1.0, 1.0, 1.0);
        assertThat(metrics.topAccuracy(1)).isEqualTo(metrics.accuracy());
        assertThatThrownBy(() -> metrics.topAccuracy(6)).hasMessage("k must be between 1 and 5, but was 6");
    }

    @ParameterizedTest
    @CsvSource({
        "mean_squared_error, SIGMOID, 1, NUMBERS",
        "quantile, LINEAR, 3, NUMBERS",
        "binary_crossentropy, SIGMOID, 1, CLASSES",
        "binary_crossentropy, SIGMOID, 3, LABELS",
        "categorical_crossentropy, SOFTMAX, 3, CLASSES"
    })
    void followsFromTheLoss(String name, Activation activation, int outputs, TargetKind expected) {
        Loss loss = Loss.all().stream()
                .filter(each -> each.name().equals(name))
                .findAny()
                .orElseThrow();
        assertThat(TargetKind.of(NetworkSpec.of(1, loss, new LayerSpec(outputs, activation))))
                .isEqualTo(expected);
    }

    @Test
    void rejectsMetricOfAnotherKind() {
        assertThatThrownBy(() -> TargetKind.LABELS.measure(Metric.AUC, predictions, targets))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("auc is not a metric of labels");
        assertThatThrownBy(() -> TargetKind.CLASSES.requireFit("monitor", Metric.TOP_3_ACCURACY, 2))
                .hasMessage("monitor must be one of loss, validation_loss, accuracy, balanced_accuracy, log_loss,"
                        + " macro_f1, mcc, auc, average_precision for these targets, but was top_3_accuracy");
    }

    @ParameterizedTest
    @EnumSource
    void rejectsOtherNumbersOfPredictionsThanTargets(TargetKind kind) {
        Matrix fewer = predictions.select(new int[] {0, 1});
        assertThatThrownBy(() -> kind.measure(kind.keyMetric(), fewer, targets))
                .hasMessage("predictions and targets must have the same number of rows and 3 columns,"
                        + " but are 2 × 3 matrix and 100 × 3 matrix");
        assertThatThrownBy(() -> kind.measure(kind.keyMetric(), targets, fewer))
                .isInstanceOf(InvalidArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void rejectsNoRows(TargetKind kind) {
        Matrix empty = Matrix.wrap(0, 1, new float[0]);
        assertThatThrownBy(() -> kind.measure(kind.keyMetric(), empty, empty))
                .hasMessage("examples must be at least 1, but was 0");
    }
}
