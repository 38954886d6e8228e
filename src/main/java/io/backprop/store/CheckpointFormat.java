package io.backprop.store;

import io.backprop.engine.TrainingState;
import io.backprop.engine.TrainingState.Progress;
import io.backprop.training.Checkpoint;
import io.backprop.training.Losses;
import java.nio.ByteBuffer;

/**
 * A checkpoint as bytes; in a {@link Frame}.
 *
 * <pre>
 * 0   4   epochs completed
 * 4   4   steps completed in the epoch that follows
 * 8   8   sum of that epoch's losses so far, float64
 * 16  4   the best epoch
 * 20  8   its loss, float64
 * 28  12  numbers of parameters, of what the optimizer remembers, and of the best epoch's parameters
 * 40  4n  these, one after another, float32 each
 * +   m   the losses of the epochs completed, as {@link HistoryFormat} tells in its format of the same number
 * </pre>
 */
final class CheckpointFormat {

    private static final String NAME = "BPCHECKP";
    private static final Frame FRAME = new Frame(NAME, 2);
    private static final Frame LOSSES_ALONE = new Frame(NAME, 1);
    private static final int HEADER = 40;

    private CheckpointFormat() {}

    static byte[] write(Checkpoint checkpoint) {
        TrainingState state = checkpoint.state();
        float[][] arrays = {state.parameters(), state.optimizerState(), state.bestParameters()};
        long floats = 0;
        for (float[] array : arrays) {
            floats += array.length;
        }
        Losses losses = checkpoint.history().all();
        long length = HEADER + floats * Float.BYTES + HistoryFormat.length(losses);
        return FRAME.write(length, content -> {
            put(content, state.progress());
            for (float[] array : arrays) {
                content.putInt(array.length);
            }
            for (float[] array : arrays) {
                Frame.putFloats(content, array);
            }
            HistoryFormat.put(content, losses);
        });
    }

    private static void put(ByteBuffer content, Progress progress) {
        content.putInt(progress.epoch()).putInt(progress.step()).putDouble(progress.lossSum());
        content.putInt(progress.bestEpoch()).putDouble(progress.bestLoss());
    }

    static Checkpoint read(byte[] bytes) {
        Frame frame = Frame.formatOf(bytes) == LOSSES_ALONE.format() ? LOSSES_ALONE : FRAME;
        ByteBuffer content = frame.read(bytes);
        Progress progress = new Progress(
                content.getInt(), content.getInt(), content.getDouble(), content.getInt(), content.getDouble());
        int[] counts = {content.getInt(), content.getInt(), content.getInt()};
        TrainingState state = new TrainingState(
                progress,
                Frame.getFloats(content, counts[0]),
                Frame.getFloats(content, counts[1]),
                Frame.getFloats(content, counts[2]));
        return new Checkpoint(state, HistoryFormat.getHistory(content, frame.format()));
    }
}
