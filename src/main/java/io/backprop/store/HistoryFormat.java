package io.backprop.store;

import io.backprop.training.History;
import io.backprop.training.Losses;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The losses of epochs as bytes, all of them or thinned; in a {@link Frame}.
 *
 * <pre>
 * 0   4   epochs completed
 * 4   4   n, the number of losses
 * 8   1   1 if there are validation losses, else 0
 * 9   8n  the losses, float64 each
 * +   8n  the validation losses, float64 each, if there are any
 * </pre>
 */
final class HistoryFormat {

    private static final Frame FRAME = new Frame("BPLOSSES", 1);
    private static final int HEADER = 2 * Integer.BYTES + 1;

    private HistoryFormat() {}

    static byte[] write(History history) {
        double[] losses = history.losses();
        return FRAME.write(length(losses, history.validationLosses()), content -> put(content, history));
    }

    static byte[] write(Losses losses) {
        double[] training = unboxed(losses.training());
        double[] validation = losses.validation() == null ? null : unboxed(losses.validation());
        return FRAME.write(
                length(training, validation), content -> put(content, losses.epochs(), training, validation));
    }

    static History readHistory(byte[] bytes) {
        return getHistory(FRAME.read(bytes));
    }

    static Losses readLosses(byte[] bytes) {
        ByteBuffer content = FRAME.read(bytes);
        int epochs = content.getInt();
        int count = content.getInt();
        boolean validated = content.get() == 1;
        List<Double> training = boxed(Frame.getDoubles(content, count));
        return new Losses(epochs, training, validated ? boxed(Frame.getDoubles(content, count)) : null);
    }

    static long length(History history) {
        return HEADER + (long) history.epochs() * Double.BYTES * (history.validationLosses() == null ? 1 : 2);
    }

    static void put(ByteBuffer content, History history) {
        double[] losses = history.losses();
        put(content, losses.length, losses, history.validationLosses());
    }

    static History getHistory(ByteBuffer content) {
        content.getInt();
        int count = content.getInt();
        boolean validated = content.get() == 1;
        double[] losses = Frame.getDoubles(content, count);
        return History.of(losses, validated ? Frame.getDoubles(content, count) : null);
    }

    private static long length(double[] losses, double @Nullable [] validation) {
        return HEADER + (long) losses.length * Double.BYTES * (validation == null ? 1 : 2);
    }

    private static void put(ByteBuffer content, int epochs, double[] losses, double @Nullable [] validation) {
        content.putInt(epochs).putInt(losses.length).put((byte) (validation == null ? 0 : 1));
        Frame.putDoubles(content, losses);
        if (validation != null) {
            Frame.putDoubles(content, validation);
        }
    }

    private static double[] unboxed(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
