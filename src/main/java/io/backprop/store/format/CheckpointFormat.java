package io.backprop.store.format;

import io.backprop.engine.TrainingState;
import io.backprop.engine.TrainingState.Progress;
import io.backprop.engine.Vector;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A checkpoint of a training, as a stream in chunks. The history comes first, so that it can be read alone.
 *
 * <pre>
 * 4   n, the length of the history
 * n   history of the completed epochs, see {@link HistoryFormat}
 * 4   completed epochs
 * 4   completed steps of the following epoch
 * 8   sum of the losses of these steps, float64
 * 4   best epoch
 * 8   monitored metric of the best epoch, float64
 *     parameters, optimizer state, parameters of the best epoch:
 *     4   number of values
 *     4m  values, float32 each
 * </pre>
 */
public final class CheckpointFormat {

    private static final Frame FRAME = new Frame("BPCHECKP", 1);

    private CheckpointFormat() {}

    /**
     * Writes a checkpoint.
     *
     * @param chunks receives each chunk in turn
     */
    public static void write(Checkpoint checkpoint, Consumer<byte[]> chunks) {
        ChunkedOutputStream stream = new ChunkedOutputStream(FRAME, chunks);
        try {
            write(checkpoint, new DataOutputStream(stream));
        } catch (IOException e) {
            throw new IllegalStateException(e); // not thrown by chunks
        }
        stream.finish();
    }

    private static void write(Checkpoint checkpoint, DataOutputStream out) throws IOException {
        byte[] history = HistoryFormat.write(checkpoint.history());
        out.writeInt(history.length);
        out.write(history);
        TrainingState state = checkpoint.state();
        Progress progress = state.progress();
        out.writeInt(progress.epoch());
        out.writeInt(progress.step());
        out.writeDouble(progress.lossSum());
        out.writeInt(progress.bestEpoch());
        out.writeDouble(progress.bestValue());
        write(out, state.parameters());
        write(out, state.optimizerState());
        write(out, state.bestParameters());
    }

    private static void write(DataOutputStream out, Vector values) throws IOException {
        out.writeInt(values.size());
        Floats.write(out, values);
    }

    public static Checkpoint read(ChunkSource chunks) {
        return ChunkReader.readAll(FRAME, chunks, in -> {
            History history = readHistory(in);
            Progress progress = readProgress(in);
            return new Checkpoint(new TrainingState(progress, readVector(in), readVector(in), readVector(in)), history);
        });
    }

    /**
     * Parameters of a checkpoint.
     *
     * @param epoch number of completed epochs
     */
    public record Parameters(int epoch, Vector values) {}

    /** Reads the parameters without the history and the state of the optimizer. */
    public static Parameters readParameters(ChunkSource chunks) {
        return ChunkReader.readStart(FRAME, chunks, in -> {
            in.skipNBytes(in.readInt());
            Progress progress = readProgress(in);
            return new Parameters(progress.epoch(), readVector(in));
        });
    }

    /** Reads the history alone, from as few chunks as possible. */
    public static History readHistory(ChunkSource chunks) {
        return ChunkReader.readStart(FRAME, chunks, CheckpointFormat::readHistory);
    }

    private static History readHistory(DataInputStream in) throws IOException {
        return HistoryFormat.read(in.readNBytes(in.readInt()));
    }

    private static Progress readProgress(DataInputStream in) throws IOException {
        return new Progress(in.readInt(), in.readInt(), in.readDouble(), in.readInt(), in.readDouble());
    }

    private static Vector readVector(DataInputStream in) throws IOException {
        return Vector.wrap(Floats.read(in, in.readInt()));
    }
}
