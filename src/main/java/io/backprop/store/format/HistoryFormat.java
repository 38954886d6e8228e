package io.backprop.store.format;

import io.backprop.engine.Metric;
import io.backprop.training.History;
import io.backprop.training.LearningCurves;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LearningCurves and validation scores of a training's epochs, complete or thinned, in a {@link Frame}.
 *
 * <pre>
 * 0   4   completed epochs
 * 4   4   n, the number of losses
 * 8   1   1 if validation losses exist, else 0
 * 9   1   metric of the validation scores: 0 none, 1 accuracy, 2 r2
 * 10  8n  losses, float64 each
 * +   8n  validation losses, float64 each, if they exist
 * +   8n  validation scores, float64 each, NaN where the metric is undefined, if they exist
 * </pre>
 */
public final class HistoryFormat {

    private static final Frame FRAME = new Frame("BPLOSSES", 1);
    private static final int HEADER = 2 * Integer.BYTES + 2;
    private static final List<Metric> METRICS = List.of(Metric.ACCURACY, Metric.R2);

    private HistoryFormat() {}

    public static byte[] write(History history) {
        return write(history.all());
    }

    public static byte[] write(LearningCurves losses) {
        LearningCurves.Scores scores = losses.validationScores();
        int columns = 1 + (losses.validationLoss() == null ? 0 : 1) + (scores == null ? 0 : 1);
        return FRAME.encode(HEADER + (long) columns * losses.loss().size() * Double.BYTES, content -> {
            content.putInt(losses.epochs()).putInt(losses.loss().size());
            content.put((byte) (losses.validationLoss() == null ? 0 : 1));
            content.put((byte) (scores == null ? 0 : 1 + METRICS.indexOf(scores.metric())));
            put(content, losses.loss());
            put(content, losses.validationLoss());
            put(content, scores == null ? null : scores.values());
        });
    }

    private static void put(ByteBuffer content, @Nullable List<Double> values) {
        if (values != null) {
            values.forEach(content::putDouble);
        }
    }

    public static History readHistory(byte[] bytes) {
        return readHistory(FRAME.decode(bytes));
    }

    public static LearningCurves readLosses(byte[] bytes) {
        ByteBuffer content = FRAME.decode(bytes);
        LearningCurves losses = readHistory(content.duplicate()).all();
        return new LearningCurves(content.getInt(), losses.loss(), losses.validationLoss(), losses.validationScores());
    }

    private static History readHistory(ByteBuffer content) {
        try {
            content.getInt();
            int count = content.getInt();
            boolean validated = content.get() == 1;
            int metric = content.get();
            return History.of(
                    getDoubles(content, count),
                    validated ? getDoubles(content, count) : null,
                    metric == 0 ? null : METRICS.get(metric - 1),
                    metric == 0 ? null : getDoubles(content, count));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new CorruptDataException("%s is incomplete".formatted(FRAME.name()), e);
        }
    }

    private static double[] getDoubles(ByteBuffer content, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = content.getDouble();
        }
        return values;
    }
}
