package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.EpochReport;
import io.backprop.engine.Metric;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a payload has the reports of all epochs of a training so far: for each its loss, its validation loss if it has one, and
 * its metrics, float64 each; NaN for a value that is null.
 *
 * @param completed number of completed epochs, from the first
 * @param planned number of planned epochs
 * @param validated whether there are validation losses
 * @param metrics of the validation rows
 */
record EpochSeries(int completed, int planned, boolean validated, List<Metric> metrics) {

    private static final int MEMORY_PER_REPORT = 100; // bytes
    private static final int MEMORY_PER_SCORE = 50;

    EpochSeries {
        metrics = List.copyOf(metrics);
        requireArgument(
                completed >= 0 && completed <= planned,
                "completed must be at least 0 and at most the planned epochs, %d, but was %d",
                planned,
                completed);
        requireArgument(
                metrics.stream().distinct().count() == metrics.size()
                        && metrics.stream().noneMatch(Metric::isLoss),
                "metrics must be different metrics of predictions, but are %s",
                metrics);
    }

    static EpochSeries of(List<EpochReport> reports, int planned) {
        if (reports.isEmpty()) {
            return new EpochSeries(0, planned, false, List.of());
        }
        EpochReport last = reports.get(reports.size() - 1);
        List<Metric> metrics =
                last.validationScores().stream().map(Metric.Score::metric).toList();
        return new EpochSeries(reports.size(), planned, last.validationLoss() != null, metrics);
    }

    /** Length in the payload, in bytes. */
    long bytes() {
        return (1L + (validated ? 1 : 0) + metrics.size()) * completed * Double.BYTES;
    }

    /** Bytes of memory that the reports take. */
    long memory() {
        return (MEMORY_PER_REPORT + (long) MEMORY_PER_SCORE * metrics.size()) * completed;
    }

    void write(List<EpochReport> reports, DataOutputStream out) throws IOException {
        for (EpochReport report : reports) {
            out.writeDouble(report.loss());
            if (validated) {
                out.writeDouble(report.value(Metric.VALIDATION_LOSS));
            }
            for (Metric metric : metrics) {
                out.writeDouble(report.value(metric));
            }
        }
    }

    List<EpochReport> read(DataInputStream in) throws IOException {
        List<EpochReport> reports = new ArrayList<>();
        for (int epoch = 1; epoch <= completed; epoch++) {
            double loss = in.readDouble();
            requireArgument(Double.isFinite(loss), "loss of epoch %d must be finite, but was %s", epoch, loss);
            Double validationLoss = validated ? nullable(in.readDouble()) : null;
            List<Metric.Score> scores = new ArrayList<>(metrics.size());
            for (Metric metric : metrics) {
                scores.add(new Metric.Score(metric, nullable(in.readDouble())));
            }
            reports.add(new EpochReport(epoch, planned, loss, validationLoss, List.copyOf(scores)));
        }
        return reports;
    }

    private static @Nullable Double nullable(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
