package io.backprop.store;

import io.backprop.engine.TrainingState;
import io.backprop.engine.TrainingState.Progress;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A checkpoint as bytes; in the parts that {@link PartsOutput} makes of them.
 *
 * <pre>
 * 0   4   n, the length of the losses
 * 4   n   the losses of the epochs completed, as {@link HistoryFormat} tells
 * +   4   epochs completed
 * +   4   steps completed in the epoch that follows
 * +   8   sum of that epoch's losses so far, float64
 * +   4   the best epoch
 * +   8   its loss, float64
 * +   12  numbers of parameters, of what the optimizer remembers, and of the best epoch's parameters
 * +   4m  these, one after another, float32 each
 * +   4   CRC-32C of all that stands before
 * </pre>
 *
 * <p>Formats 1 and 2 were one frame: all from the epochs completed to the parameters, then the losses without a frame of
 * their own, as {@link HistoryFormat} tells in its format of the same number.
 */
final class CheckpointFormat {

    private static final String NAME = "BPCHECKP";
    private static final Frame LOSSES_ALONE = new Frame(NAME, 1);
    private static final Frame WHOLE = new Frame(NAME, 2);
    private static final Frame PART = new Frame(NAME, 3);
    private static final int HEADER = 40;

    private CheckpointFormat() {}

    /**
     * @param parts takes each part in turn
     */
    static void write(Checkpoint checkpoint, Consumer<byte[]> parts) {
        CRC32C checksum = new CRC32C();
        OutputStream out = new PartsOutput(PART, parts);
        try {
            write(checkpoint, new CheckedOutputStream(out, checksum));
            writeInt(out, (int) checksum.getValue());
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory has no such failures
        }
    }

    private static void write(Checkpoint checkpoint, OutputStream out) throws IOException {
        byte[] losses = HistoryFormat.write(checkpoint.history());
        writeInt(out, losses.length);
        out.write(losses);
        TrainingState state = checkpoint.state();
        Progress progress = state.progress();
        byte[] header = new byte[HEADER];
        FloatBlocks.over(header)
                .putInt(progress.epoch())
                .putInt(progress.step())
                .putDouble(progress.lossSum())
                .putInt(progress.bestEpoch())
                .putDouble(progress.bestLoss())
                .putInt(state.parameters().size())
                .putInt(state.optimizerState().size())
                .putInt(state.bestParameters().size());
        out.write(header);
        FloatBlocks.write(out, state.parameters());
        FloatBlocks.write(out, state.optimizerState());
        FloatBlocks.write(out, state.bestParameters());
    }

    private static void writeInt(OutputStream out, int value) throws IOException {
        byte[] bytes = new byte[Integer.BYTES];
        FloatBlocks.over(bytes).putInt(value);
        out.write(bytes);
    }

    /**
     * The checkpoint; empty if there are no parts.
     *
     * @param parts gives each part by its place from 0; empty after the last one
     */
    static Optional<Checkpoint> read(IntFunction<Optional<byte[]>> parts) {
        return parts.apply(0).map(first -> read(first, parts));
    }

    /** The losses alone; no more parts are read than these are in. */
    static Optional<History> readHistory(IntFunction<Optional<byte[]>> parts) {
        return parts.apply(0).map(first -> readHistory(first, parts));
    }

    private static Checkpoint read(byte[] first, IntFunction<Optional<byte[]>> parts) {
        if (isWhole(first)) {
            return readWhole(first);
        }
        CRC32C checksum = new CRC32C();
        try (InputStream in = open(first, parts)) {
            InputStream checked = new CheckedInputStream(in, checksum);
            History history = readHistory(checked);
            Checkpoint read = new Checkpoint(readState(checked), history);
            int expected = (int) checksum.getValue();
            if (FloatBlocks.readBytes(in, Integer.BYTES).getInt() != expected) {
                throw new DamagedException("the checksum of all parts of %s does not fit".formatted(NAME));
            }
            FloatBlocks.requireEnd(in);
            return read;
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory has no such failures
        }
    }

    private static History readHistory(byte[] first, IntFunction<Optional<byte[]>> parts) {
        if (isWhole(first)) {
            return readWhole(first).history();
        }
        try (InputStream in = open(first, parts)) {
            return readHistory(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream open(byte[] first, IntFunction<Optional<byte[]>> parts) {
        return new PartsInput(PART, place -> place == 0 ? Optional.of(first) : parts.apply(place));
    }

    private static History readHistory(InputStream in) throws IOException {
        int length = FloatBlocks.readBytes(in, Integer.BYTES).getInt();
        return HistoryFormat.readHistory(FloatBlocks.readBytes(in, length).array());
    }

    private static TrainingState readState(InputStream in) throws IOException {
        ByteBuffer header = FloatBlocks.readBytes(in, HEADER);
        Progress progress =
                new Progress(header.getInt(), header.getInt(), header.getDouble(), header.getInt(), header.getDouble());
        int[] counts = {header.getInt(), header.getInt(), header.getInt()};
        return new TrainingState(
                progress,
                FloatBlocks.read(in, counts[0]),
                FloatBlocks.read(in, counts[1]),
                FloatBlocks.read(in, counts[2]));
    }

    private static boolean isWhole(byte[] bytes) {
        int format = Frame.formatOf(bytes);
        return format == LOSSES_ALONE.format() || format == WHOLE.format();
    }

    private static Checkpoint readWhole(byte[] bytes) {
        Frame frame = Frame.formatOf(bytes) == LOSSES_ALONE.format() ? LOSSES_ALONE : WHOLE;
        ByteBuffer content = frame.read(bytes);
        InputStream in = new ByteArrayInputStream(bytes, content.arrayOffset(), content.remaining());
        try {
            TrainingState state = readState(in);
            content.position(content.limit() - in.available());
            return new Checkpoint(state, HistoryFormat.getHistory(content, frame.format()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
