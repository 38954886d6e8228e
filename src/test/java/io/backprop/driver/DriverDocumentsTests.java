package io.backprop.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.backprop.engine.EpochReport;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.KeepBest;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.Metric;
import io.backprop.engine.Optimizer;
import io.backprop.engine.StopReason;
import io.backprop.engine.TargetKind;
import io.backprop.engine.TrainingPlan;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.Feature;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.FittedTarget;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.NumberSummary;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.RowEncoding;
import io.backprop.tabular.RowSplit;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.ValidationShare;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class DriverDocumentsTests {

    private static final List<Feature> FEATURES = List.of(
            new Feature.Numeric("age", new ColumnScaling(40.5, 0.1), new NumberRange(1, 40, 99), false),
            new Feature.Categorical("color", List.of("red", "blue"), true));

    private static final Preprocessing.Columns COLUMNS = new Preprocessing.Columns(
            FEATURES, "bought", TargetUnit.NUMBER, Scaling.NONE, new CellFormat(List.of("-"), true, "dd.MM.yyyy"));

    private static final FitOptions OPTIONS = new FitOptions(
            "bought",
            ColumnType.CATEGORICAL,
            Map.of("age", ColumnType.NUMERIC),
            new CellRules(CellFormat.DEFAULT, InvalidCells.MISSING),
            new RowDivision(RowDivision.Kind.GROUP, "customer"),
            ScalingMethod.STANDARD,
            COLUMNS,
            List.of("no", "yes"),
            new ValidationShare(0.2f, 10_000),
            Long.MIN_VALUE);

    private static final Preparation PREPARATION = new Preparation(
            TrainingPlan.adam(0.1f)
                    .withOptimizer(new Optimizer.Adam(0.9f, 0.95f, 1e-8f))
                    .withSchedule(new LearningRateSchedule.CosLog(4))
                    .withKeepBest(KeepBest.of(Metric.ACCURACY)),
            new RowEncoding(
                    COLUMNS, List.of("no", "yes"), 1, List.of(1f, 20f), CellRules.DEFAULT, new RowSplit.ByPart("part")),
            TargetKind.CLASSES,
            true,
            1_234);

    static Stream<Object> documents() {
        FittedTarget classes = new FittedTarget.Classes(List.of(new FittedTarget.ClassCount("no", 5, 1)));
        FittedTarget numbers = new FittedTarget.Numbers(TargetUnit.DATE, new NumberSummary(3, 0.1, 1 / 3.0, -1, 2), 0);
        RowSplit split =
                new RowSplit.ByContent(List.of(new RowSplit.HashedColumn("age", RowSplit.Content.NUMBER)), 0.1, 7);
        return Stream.of(
                new ClaimRequest("spark-1"),
                new TrainingClaim("m", 2, 3, "clicks", OPTIONS, 64, 0.5, 1.5, PREPARATION, true),
                new TrainingClaim("m", 2, 3, "clicks", OPTIONS, 64, 0.5, 1.5, null, false),
                new FitReport(3, new FittedTable(FEATURES, classes, split, 1L << 40, 0, List.of("a warning"))),
                new FitReport(3, new FittedTable(FEATURES, numbers, new RowSplit.ByPart("part"), 3, 1, List.of())),
                PREPARATION,
                new ProgressReport(
                        1, new EpochReport(1, 9, 0.5, null, List.of(new Metric.Score(Metric.AUC, null))), 0.25),
                new ProgressAnswer(ProgressAnswer.Cancellation.KEEP),
                new ProgressAnswer(null),
                new FailureReport(1, true, "the loss is NaN"),
                new ReleaseReport(1));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void readsWhatItWrites(Object document) {
        assertThat(DriverDocuments.read(DriverDocuments.write(document), document.getClass()))
                .isEqualTo(document);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null1",
                "{\"lease\":1,\"message\":\"a\"}",
                "{\"lease\":1,\"diverged\":false,\"message\":null}",
                "{\"lease\":1,\"diverged\":false,\"message\":\"a\",\"more\":1}",
                "{\"lease\":1,\"lease\":1,\"diverged\":false,\"message\":\"a\"}",
                "{\"lease\":1,\"diverged\":false,\"message\":1}",
                "{\"lease\":\"1\",\"diverged\":false,\"message\":\"a\"}",
                "{\"lease\":1.5,\"diverged\":false,\"message\":\"a\"}",
                "{\"lease\":1,\"diverged\":false,\"message\":\"a\"} true"
            })
    void rejectsEveryOtherDocument(String json) {
        assertThatExceptionOfType(JacksonException.class)
                .isThrownBy(() -> DriverDocuments.read(json.getBytes(StandardCharsets.UTF_8), FailureReport.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb"})
    void rejectsADriverWithoutAName(String name) {
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> new ClaimRequest(name))
                .withMessageStartingWith("driver must be a name");
    }

    @Test
    void rejectsProgressWithoutAFiniteLoss() {
        EpochReport epoch = new EpochReport(1, 9, Double.NaN, null, List.of());
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> new ProgressReport(1, epoch, 0))
                .withMessageStartingWith("epoch must be at least 1 and have a finite loss");
    }

    @Test
    void takesMetricsThatAreNotFiniteAsUndefined() {
        Metric.Score infinite = new Metric.Score(Metric.MEAN_SQUARED_ERROR, Double.POSITIVE_INFINITY);
        assertThat(new TrainingResultReport(StopReason.EPOCHS, 1, 0, 1, List.of(infinite), null).validationScores())
                .containsExactly(new Metric.Score(Metric.MEAN_SQUARED_ERROR, null));
    }

    @ParameterizedTest
    @CsvSource({"ERROR, false", "ERROR, true", "DIVERGED, false", "EPOCHS, true"})
    void rejectsResultsThatContradictTheirReason(StopReason reason, boolean failed) {
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> new TrainingResultReport(reason, 1, 0, 1, List.of(), failed ? "why" : null))
                .withMessageContaining("reason");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY, 864e6})
    void rejectsImpossibleTimes(double seconds) {
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> new ProgressReport(1, null, seconds))
                .withMessageStartingWith("seconds must be at least 0 and less than 864000000, but was");
    }

    @Test
    void limitsTextsOfDrivers() {
        assertThat(new FailureReport(1, false, "a\0b\ud83dc").message()).isEqualTo("a?b?c");
        String cut = new FailureReport(1, false, "\ud83d\ude00".repeat(1_000)).message();
        assertThat(cut).hasSize(1_000).endsWith("?…"); // not half a character, which PostgreSQL rejects
        List<String> many = Collections.nCopies(103, "w".repeat(2_000));
        FittedTarget target = new FittedTarget.Classes(List.of());
        FitReport fit = new FitReport(1, new FittedTable(FEATURES, target, null, 1, 0, many));
        assertThat(fit.fit().warnings())
                .hasSize(101)
                .contains("w".repeat(999) + '…')
                .endsWith("3 more warnings");
        assertThat(new ScoringResultReport(1, 1, 1, many).warnings())
                .isEqualTo(fit.fit().warnings());
    }

    @ParameterizedTest
    @CsvSource({"NaN, 1, 2", "1, NaN, 2", "1, 2, Infinity", "2, 1, 3", "1, 3, 2"})
    void rejectsRangesThatAreNone(float minimum, float median, float maximum) {
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> new NumberRange(minimum, median, maximum))
                .withMessageStartingWith("a range must have a finite minimum, median and maximum in this order");
    }

    @ParameterizedTest
    @CsvSource({"NaN, 1, 0, 1, mean", "0, NaN, 0, 1, variance", "0, -1, 0, 1, variance", "0, 1, 2, 1, numbers"})
    void rejectsSummariesOfNoNumbers(double mean, double variance, float minimum, float maximum, String message) {
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> new NumberSummary(3, mean, variance, minimum, maximum))
                .withMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, 'trainingRows must be at least 0, but was -1'",
        "1, -1, 'validationRows must be at least 0 and fit into the memory of one machine, but were -1'",
        "1, 3000000000, 'validationRows must be at least 0 and fit into the memory of one machine, but were 3000000000'"
    })
    void rejectsAFitOfImpossibleNumbersOfRows(long training, long validation, String message) {
        FittedTarget target = new FittedTarget.Classes(List.of());
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> new FittedTable(FEATURES, target, null, training, validation, List.of()))
                .withMessage(message);
    }
}
