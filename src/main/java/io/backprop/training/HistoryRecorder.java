package io.backprop.training;

import io.backprop.engine.EpochReport;
import io.backprop.engine.Metric.Score;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records the losses and scores of a training's epochs. Written by the training's thread, read by any. */
final class HistoryRecorder {

    private final Series losses = new Series();
    private final Series validationLosses = new Series();
    private final Map<String, Series> validationScores = new LinkedHashMap<>();
    private boolean validated;

    /** @param before the epochs that have been completed by another process */
    HistoryRecorder(History before) {
        add(before);
    }

    private static List<@Nullable Double> undefined(int epochs) {
        return Collections.nCopies(epochs, null);
    }

    synchronized void add(EpochReport report) {
        int before = losses.size;
        losses.add(report.loss());
        validated = report.validationLoss() != null;
        validationLosses.add(report.validationLoss());
        for (Score score : report.validationScores()) {
            scores(score.metric().id(), before).add(score.value());
        }
    }

    /** Adds epochs that ended before the next one. */
    synchronized void add(History epochs) {
        int before = losses.size;
        losses.addAll(epochs.loss());
        List<@Nullable Double> validation = epochs.validationLoss();
        validated = validation != null;
        validationLosses.addAll(validation == null ? undefined(epochs.loss().size()) : validation);
        Map<String, List<@Nullable Double>> metrics = epochs.validationMetrics();
        if (metrics != null) {
            for (Map.Entry<String, List<@Nullable Double>> metric : metrics.entrySet()) {
                scores(metric.getKey(), before).addAll(metric.getValue());
            }
        }
    }

    private Series scores(String metric, int before) {
        return validationScores.computeIfAbsent(metric, name -> {
            Series series = new Series();
            series.addAll(undefined(before));
            return series;
        });
    }

    /** The number of epochs so far, for the training's thread. */
    int epochs() {
        return losses.size;
    }

    /** A complete history of the epochs so far, which does not change. The values are not copied. */
    synchronized History history() {
        Map<String, List<@Nullable Double>> metrics = new LinkedHashMap<>();
        validationScores.forEach((name, values) -> metrics.put(name, values.view()));
        return new History(
                losses.view(), validated ? validationLosses.view() : null, metrics.isEmpty() ? null : metrics);
    }

    /** A growing array of doubles, whose elements never change once added. */
    private static final class Series {

        private double[] values = new double[16];
        private int size;

        void addAll(List<@Nullable Double> next) {
            next.forEach(this::add);
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
