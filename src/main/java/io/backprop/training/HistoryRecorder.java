package io.backprop.training;

import io.backprop.engine.EpochReport;
import io.backprop.engine.Metric.Score;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records the losses and scores of a training's epochs. Written by the training's thread, read by any. */
final class HistoryRecorder {

    private final Series losses;
    private final Series validationLosses;
    private final Series validationScores;
    private boolean validated;
    private @Nullable String metric;

    /** @param before the epochs that have been completed by another process */
    HistoryRecorder(History before) {
        Map<String, List<@Nullable Double>> metrics = before.validationMetrics();
        List<@Nullable Double> undefined = Collections.nCopies(before.loss().size(), null);
        losses = new Series(before.loss());
        validated = before.validationLoss() != null;
        validationLosses = new Series(before.validationLoss() == null ? undefined : before.validationLoss());
        metric = metrics == null ? null : metrics.keySet().iterator().next();
        validationScores = new Series(
                metrics == null ? undefined : metrics.values().iterator().next());
    }

    synchronized void add(EpochReport report) {
        Score score = report.validationScore();
        losses.add(report.loss());
        validated = report.validationLoss() != null;
        validationLosses.add(report.validationLoss());
        metric = score == null ? null : score.metric().id();
        validationScores.add(score == null ? null : score.value());
    }

    /** A complete history of the epochs so far, which does not change. The values are not copied. */
    synchronized History history() {
        return new History(
                losses.view(),
                validated ? validationLosses.view() : null,
                metric == null ? null : Map.of(metric, validationScores.view()));
    }

    /** A growing array of doubles, whose elements never change once added. */
    private static final class Series {

        private double[] values = new double[16];
        private int size;

        Series(List<@Nullable Double> values) {
            values.forEach(this::add);
        }

        void add(@Nullable Double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value == null ? Double.NaN : value;
        }

        List<@Nullable Double> view() {
            return new DoubleList(DoubleBuffer.wrap(values, 0, size));
        }
    }
}
