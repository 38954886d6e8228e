package io.backprop.training;

import io.backprop.engine.EpochReport;
import io.backprop.engine.Metric;
import io.backprop.engine.Metric.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The losses and scores of all epochs of a training; of a cross-validation, those of one fold after the other.
 *
 * @param loss training loss of each epoch
 * @param validationLoss null without validation
 * @param validationMetrics metrics of the predictions for the validation examples by name, null where a
 *     metric is undefined; null if none was measured
 */
public record History(
        List<@Nullable Double> loss,
        @Nullable List<@Nullable Double> validationLoss,
        @Nullable Map<String, List<@Nullable Double>> validationMetrics) {

    /** The history of a training that has completed no epoch. */
    public static final History EMPTY = new History(List.of(), null, null);

    private static final int SERIES = 5; // two losses, a metric, and up to two that the training monitors
    private static final int BYTES_PER_VALUE = 2 * Double.BYTES; // itself, and as it is stored

    /** Bytes of memory that the history of so many epochs takes while it is stored or read. */
    static long bytes(long epochs) {
        return epochs * SERIES * BYTES_PER_VALUE;
    }

    /** The history of epochs that drivers report. */
    static History of(List<EpochReport> reports) {
        HistoryRecorder recorder = new HistoryRecorder(EMPTY);
        reports.forEach(recorder::add);
        return recorder.history();
    }

    /**
     * The reports of all epochs.
     *
     * @param planned number of planned epochs
     */
    List<EpochReport> reports(int planned) {
        return IntStream.range(0, loss.size())
                .mapToObj(index -> new EpochReport(
                        index + 1,
                        planned,
                        valueOf(loss.get(index)),
                        validationLoss == null ? null : validationLoss.get(index),
                        scores(index)))
                .toList();
    }

    private static double valueOf(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private List<Score> scores(int index) {
        return validationMetrics == null
                ? List.of()
                : validationMetrics.entrySet().stream()
                        .map(metric -> new Score(
                                Metric.valueOf(metric.getKey().toUpperCase(Locale.ROOT)),
                                metric.getValue().get(index)))
                        .toList();
    }

    /** The loss of the last epoch. */
    public @Nullable Double lastLoss() {
        return last(loss);
    }

    /** The validation loss of the last epoch. */
    public @Nullable Double lastValidationLoss() {
        return validationLoss == null ? null : last(validationLoss);
    }

    /** The validation metrics of the last epoch; null if none was measured. */
    public @Nullable Map<String, @Nullable Double> lastValidationMetrics() {
        if (validationMetrics == null) {
            return null;
        }
        Map<String, @Nullable Double> last = new TreeMap<>();
        for (Map.Entry<String, List<@Nullable Double>> metric : validationMetrics.entrySet()) {
            last.put(metric.getKey(), last(metric.getValue()));
        }
        return last;
    }

    private static @Nullable Double last(List<@Nullable Double> values) {
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }

    /**
     * Numbers of epochs, from 1, that are evenly spaced.
     *
     * @param points the most of them, at least 2; the first and the last epoch are always among them. Null for all
     */
    public int[] epochs(@Nullable Integer points) {
        int all = loss.size();
        int count = points == null ? all : Math.min(points, all);
        return IntStream.range(0, count)
                .map(i -> count == all ? i : Math.toIntExact(Math.round((double) i * (all - 1) / (count - 1))))
                .map(index -> index + 1)
                .toArray();
    }

    /** The epochs of several histories, one after the other. */
    public static History concatenation(List<History> histories) {
        List<History> some =
                histories.stream().filter(history -> !history.loss.isEmpty()).toList();
        if (some.isEmpty()) {
            return EMPTY;
        }
        boolean validated = some.stream().anyMatch(history -> history.validationLoss != null);
        Set<String> metrics = some.stream()
                .flatMap(history ->
                        history.validationMetrics == null ? Stream.of() : history.validationMetrics.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, List<@Nullable Double>> columns = new TreeMap<>();
        for (String metric : metrics) {
            columns.put(
                    metric,
                    concatenation(
                            some,
                            history ->
                                    history.validationMetrics == null ? null : history.validationMetrics.get(metric)));
        }
        return new History(
                concatenation(some, History::loss),
                validated ? concatenation(some, History::validationLoss) : null,
                columns.isEmpty() ? null : columns);
    }

    private static List<@Nullable Double> concatenation(
            List<History> histories, Function<History, @Nullable List<@Nullable Double>> column) {
        List<@Nullable Double> all = new ArrayList<>();
        for (History history : histories) {
            List<@Nullable Double> values = column.apply(history);
            all.addAll(values == null ? Collections.nCopies(history.loss.size(), null) : values);
        }
        return all;
    }

    /** The first epochs. */
    History first(int epochs) {
        Map<String, List<@Nullable Double>> metrics = null;
        if (validationMetrics != null) {
            metrics = new TreeMap<>();
            for (Map.Entry<String, List<@Nullable Double>> metric : validationMetrics.entrySet()) {
                metrics.put(metric.getKey(), metric.getValue().subList(0, epochs));
            }
        }
        return new History(
                loss.subList(0, epochs), validationLoss == null ? null : validationLoss.subList(0, epochs), metrics);
    }
}
