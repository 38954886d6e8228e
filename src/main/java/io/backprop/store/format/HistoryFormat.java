package io.backprop.store.format;

import io.backprop.engine.Metric;
import io.backprop.training.DoubleList;
import io.backprop.training.History;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * 5   1   m, the number of metrics of the validation examples
 * 6   m   these metrics, each as its position in {@link Metric}, from 0
 * +   8n  losses, float64 each
 * +   8n  validation losses, float64 each, if they exist
 * +   8n  values of each metric, float64 each, NaN where it is undefined
 * </pre>
 */
public final class HistoryFormat {

    private static final Frame FRAME = new Frame("BPLOSSES", 1);
    private static final int HEADER = Integer.BYTES + 2;
    private static final List<String> METRICS =
            Stream.of(Metric.values()).map(Metric::id).toList();

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
        return FRAME.encode(HEADER + metrics.size() + (long) columns.size() * epochs * Double.BYTES, content -> {
            content.putInt(epochs);
            content.put((byte) (history.validationLoss() == null ? 0 : 1));
            content.put((byte) metrics.size());
            metrics.keySet().forEach(name -> content.put((byte) METRICS.indexOf(name)));
            columns.forEach(values -> values.forEach(value -> content.putDouble(value == null ? Double.NaN : value)));
        });
    }

    public static History read(byte[] bytes) {
        ByteBuffer content = FRAME.decode(bytes);
        try {
            int epochs = content.getInt();
            boolean validated = content.get() == 1;
            List<String> names = new ArrayList<>();
            for (int metrics = content.get(); metrics > 0; metrics--) {
                names.add(METRICS.get(content.get()));
            }
            List<@Nullable Double> losses = column(content, epochs);
            List<@Nullable Double> validationLosses = validated ? column(content, epochs) : null;
            Map<String, List<@Nullable Double>> metrics = new LinkedHashMap<>();
            names.forEach(name -> metrics.put(name, column(content, epochs)));
            return new History(losses, validationLosses, metrics.isEmpty() ? null : metrics);
        } catch (RuntimeException e) { // a malformed value may cause any
            throw new CorruptDataException("%s is incomplete".formatted(FRAME.name()), e);
        }
    }

    private static List<@Nullable Double> column(ByteBuffer content, int epochs) {
        int length = epochs * Double.BYTES;
        List<@Nullable Double> values =
                new DoubleList(content.slice(content.position(), length).asDoubleBuffer());
        content.position(content.position() + length);
        return values;
    }
}
