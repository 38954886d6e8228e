package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.EpochReport;
import io.backprop.engine.Metric;
import io.backprop.engine.Metric.Score;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistoryTests {

    @Test
    void snapshotsDoNotChangeWhileTheHistoryGrows() {
        History history = new History();
        history.add(report(1, 0.5));
        LearningCurves all = history.all();
        LearningCurves thinned = history.thinned(10);
        History first = history.first(1);
        for (int epoch = 2; epoch <= 100; epoch++) {
            history.add(report(epoch, null));
        }

        LearningCurves expected = new LearningCurves(1, List.of(2.0), List.of(3.0), scores(0.5));
        assertThat(all).isEqualTo(thinned).isEqualTo(first.all()).isEqualTo(expected);
        assertThat(history.all().validationScores()).isNotNull().satisfies(scores -> {
            assertThat(scores.values()).hasSize(100).startsWith(0.5, Double.NaN);
            assertThat(scores.last()).isNaN();
        });
    }

    @Test
    void padsScoresOfEarlierEpochs() {
        History history = History.of(new double[] {9, 8}, new double[] {7, 6}, null, null);
        history.add(report(3, 0.25));

        assertThat(history.all())
                .isEqualTo(new LearningCurves(
                        3, List.of(9.0, 8.0, 6.0), List.of(7.0, 6.0, 9.0), scores(Double.NaN, Double.NaN, 0.25)));
    }

    private static EpochReport report(int epoch, @Nullable Double score) {
        return new EpochReport(epoch, 100, 2.0 * epoch, 3.0 * epoch, new Score(Metric.R2, score));
    }

    private static LearningCurves.Scores scores(Double... values) {
        return new LearningCurves.Scores(Metric.R2, List.of(values));
    }
}
