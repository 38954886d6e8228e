package io.backprop.store.format;

import io.backprop.engine.Metric;
import io.backprop.training.DoubleList;
import io.backprop.training.History;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The complete history of a training, in a {@link Frame}.
 *
 * <pre>
 * 0   4   n, the number of completed epochs
 * 4   1   1 if validation losses exist, else 0
 * 5   1   metric of the validation scores: 0 none, 1 accuracy, 2 r2
 * 6   8n  losses, float64 each
 * +   8n  validation losses, float64 each, if they exist
 * +   8n  validation scores, float64 each, NaN where the metric is undefined, if they exist
 * </pre>
 */
public final class HistoryFormat {

    private static final Frame FRAME = new Frame("BPLOSSES", 1);
    private static final int HEADER = Integer.BYTES + 2;
    private static final List<String> METRICS =
            Stream.of(Metric.values()).map(Metric::id).distinct().toList();

    private HistoryFormat() {}

    public static byte[] write(History history) {
        List<List<@Nullable Double>> columns = new ArrayList<>(List.of(history.loss()));
        if (history.validationLoss() != null) {
            columns.add(history.validationLoss());
        }
        Map<String, List<@Nullable Double>> metrics =
                history.validationMetrics() == null ? Map.of() : history.validationMetrics();
        columns.addAll(metrics.values());
        int epochs = history.loss().size();
        return FRAME.encode(HEADER + (long) columns.size() * epochs * Double.BYTES, content -> {
            content.putInt(epochs);
            content.put((byte) (history.validationLoss() == null ? 0 : 1));
            content.put((byte)
                    (metrics.isEmpty()
                            ? 0
                            : 1 + METRICS.indexOf(metrics.keySet().iterator().next())));
            columns.forEach(values -> values.forEach(value -> content.putDouble(value == null ? Double.NaN : value)));
        });
    }

    public static History read(byte[] bytes) {
        ByteBuffer content = FRAME.decode(bytes);
        try {
            int epochs = content.getInt();
            boolean validated = content.get() == 1;
            int metric = content.get();
            return new History(
                    column(content, 0, epochs),
                    validated ? column(content, 1, epochs) : null,
                    metric == 0 ? null : Map.of(METRICS.get(metric - 1), column(content, validated ? 2 : 1, epochs)));
        } catch (RuntimeException e) { // a malformed value may cause any
            throw new CorruptDataException("%s is incomplete".formatted(FRAME.name()), e);
        }
    }

    private static List<@Nullable Double> column(ByteBuffer content, int index, int epochs) {
        int length = epochs * Double.BYTES;
        return new DoubleList(content.slice(HEADER + index * length, length).asDoubleBuffer());
    }
}
