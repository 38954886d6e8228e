package io.backprop.store;

import io.backprop.engine.Metric;
import io.backprop.training.History;
import io.backprop.training.LearningCurves;
import io.backprop.training.ValidationScores;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The losses of epochs as bytes, and what was measured in validation; all of them or thinned; in a {@link Frame}.
 *
 * <pre>
 * 0   4   epochs completed
 * 4   4   n, the number of losses
 * 8   1   1 if there are validation losses, else 0
 * 9   1   what was measured: 0 nothing, 1 accuracy, 2 r2
 * 10  8n  the losses, float64 each
 * +   8n  the validation losses, float64 each, if there are any
 * +   8n  what was measured, float64 each, NaN where it is undefined, if it was measured
 * </pre>
 *
 * <p>Format 1 knows nothing measured, and has no byte for it.
 */
final class HistoryFormat {

    private static final String NAME = "BPLOSSES";
    private static final Frame FRAME = new Frame(NAME, 2);
    private static final Frame LOSSES_ALONE = new Frame(NAME, 1);
    private static final int HEADER = 2 * Integer.BYTES + 2;
    private static final List<Metric> METRICS = List.of(Metric.ACCURACY, Metric.R2);

    private HistoryFormat() {}

    static byte[] write(History history) {
        return write(history.all());
    }

    static byte[] write(LearningCurves losses) {
        return FRAME.write(length(losses), content -> put(content, losses));
    }

    static History readHistory(byte[] bytes) {
        Frame frame = frameOf(bytes);
        return getHistory(frame.read(bytes), frame.format());
    }

    static LearningCurves readLosses(byte[] bytes) {
        Frame frame = frameOf(bytes);
        ByteBuffer content = frame.read(bytes);
        int epochs = content.getInt(0);
        LearningCurves all = getHistory(content, frame.format()).all();
        return new LearningCurves(epochs, all.training(), all.validation(), all.validationScores());
    }

    private static Frame frameOf(byte[] bytes) {
        return Frame.formatOf(bytes) == LOSSES_ALONE.format() ? LOSSES_ALONE : FRAME;
    }

    static long length(LearningCurves losses) {
        int columns = 1 + (losses.validation() == null ? 0 : 1) + (losses.validationScores() == null ? 0 : 1);
        return HEADER + (long) columns * losses.training().size() * Double.BYTES;
    }

    static void put(ByteBuffer content, LearningCurves losses) {
        ValidationScores scores = losses.validationScores();
        content.putInt(losses.epochs()).putInt(losses.training().size());
        content.put((byte) (losses.validation() == null ? 0 : 1));
        content.put((byte) (scores == null ? 0 : 1 + METRICS.indexOf(scores.metric())));
        put(content, losses.training());
        put(content, losses.validation());
        put(content, scores == null ? null : scores.values());
    }

    private static void put(ByteBuffer content, @Nullable List<Double> values) {
        if (values != null) {
            for (double value : values) {
                content.putDouble(value);
            }
        }
    }

    static History getHistory(ByteBuffer content, int format) {
        content.getInt();
        int count = content.getInt();
        boolean validated = content.get() == 1;
        int metric = format == 1 ? 0 : content.get();
        double[] losses = Frame.getDoubles(content, count);
        History history = History.of(losses, validated ? Frame.getDoubles(content, count) : null);
        return metric == 0
                ? history
                : history.withValidationScores(METRICS.get(metric - 1), Frame.getDoubles(content, count));
    }
}
