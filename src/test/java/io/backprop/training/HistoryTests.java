package io.backprop.training;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.EpochReport;
import io.backprop.engine.Metric;
import io.backprop.engine.Metric.Score;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistoryTests {

    @Test
    void snapshotsDoNotChangeWhileTheHistoryGrows() {
        HistoryRecorder recorder = new HistoryRecorder(History.EMPTY);
        recorder.add(report(1, 0.5));
        History history = recorder.history();
        for (int epoch = 2; epoch <= 100; epoch++) {
            recorder.add(report(epoch, null));
        }

        History expected = new History(List.of(2.0), List.of(3.0), Map.of("r2", List.of(0.5)));
        assertThat(history).isEqualTo(expected);
        assertThat(recorder.history().first(1)).isEqualTo(expected);
        assertThat(requireNonNull(recorder.history().validationMetrics()).get("r2"))
                .hasSize(100)
                .startsWith(0.5, null);
        assertThat(recorder.history().lastValidationMetrics()).containsEntry("r2", null);
    }

    @Test
    void continuesTheHistoryOfACheckpoint() {
        History before = new History(List.of(9.0, 8.0), List.of(7.0, 6.0), null);
        HistoryRecorder recorder = new HistoryRecorder(before);
        assertThat(recorder.history()).isEqualTo(before);

        recorder.add(report(3, 0.25));

        assertThat(recorder.history())
                .isEqualTo(new History(
                        List.of(9.0, 8.0, 6.0), List.of(7.0, 6.0, 9.0), Map.of("r2", Arrays.asList(null, null, 0.25))));
        assertThat(new HistoryRecorder(recorder.history()).history()).isEqualTo(recorder.history());
    }

    private static EpochReport report(int epoch, @Nullable Double score) {
        return new EpochReport(epoch, 100, 2.0 * epoch, 3.0 * epoch, List.of(new Score(Metric.R2, score)));
    }
}
