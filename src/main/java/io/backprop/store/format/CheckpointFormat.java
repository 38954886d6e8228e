package io.backprop.store.format;

import io.backprop.driver.Floats;
import io.backprop.engine.LearningRateSchedule.Plateau;
import io.backprop.engine.Matrix;
import io.backprop.engine.TrainingState;
import io.backprop.engine.TrainingState.Progress;
import io.backprop.engine.Vector;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import io.backprop.training.TrainedNetwork;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of a training, as a stream in chunks. The history comes first, so that it can be read alone.
 *
 * <pre>
 * 4   n, the length of the history
 * n   history of the completed epochs, see {@link HistoryFormat}
 * 4   m, the number of completed networks
 * 4m  completed epochs of each
 * 4   completed epochs of the current network
 * 4   completed steps of the following epoch
 * 8   sum of the losses of these steps, float64
 * 4   best epoch
 * 8   monitored metric of the best epoch, float64
 * 8   best monitored metric of a learning rate that is reduced on a plateau, float64
 * 4   epochs since that
 * 4   remaining epochs of the cooldown
 * 8   product of the reductions, float64
 *     parameters of the current network, then of each completed one
 *     optimizer state, parameters of the best epoch
 *     for each completed network:
 *     1   whether it has outputs for its fold
 *     4   number of outputs of a row
 *     +   the outputs, row by row
 * </pre>
 *
 * <p>Parameters, states and outputs have this form:
 *
 * <pre>
 * 4   number of values
 * 4n  values, float32 each
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
        List<TrainedNetwork> completed = checkpoint.completed();
        out.writeInt(completed.size());
        for (TrainedNetwork network : completed) {
            out.writeInt(network.epochs());
        }
        TrainingState state = checkpoint.state();
        Progress progress = state.progress();
        out.writeInt(progress.epoch());
        out.writeInt(progress.step());
        out.writeDouble(progress.lossSum());
        out.writeInt(progress.bestEpoch());
        out.writeDouble(progress.bestValue());
        Plateau plateau = progress.plateau();
        out.writeDouble(plateau.best());
        out.writeInt(plateau.waited());
        out.writeInt(plateau.cooldown());
        out.writeDouble(plateau.factor());
        write(out, state.parameters());
        for (TrainedNetwork network : completed) {
            write(out, network.parameters());
        }
        write(out, state.optimizerState());
        write(out, state.bestParameters());
        for (TrainedNetwork network : completed) {
            write(out, network.held());
        }
    }

    private static void write(DataOutputStream out, @Nullable Matrix outputs) throws IOException {
        out.writeBoolean(outputs != null);
        if (outputs != null) {
            out.writeInt(outputs.columns());
            out.writeInt(outputs.rows() * outputs.columns());
            for (int row = 0; row < outputs.rows(); row++) {
                Floats.write(out, outputs.row(row));
            }
        }
    }

    private static void write(DataOutputStream out, Vector values) throws IOException {
        out.writeInt(values.size());
        Floats.write(out, values);
    }

    public static Checkpoint read(ChunkSource chunks) {
        return ChunkReader.readAll(FRAME, chunks, in -> {
            History history = readHistory(in);
            Reached reached = readReached(in);
            TrainingState state = new TrainingState(reached.progress, reached.current, readVector(in), readVector(in));
            List<TrainedNetwork> completed = new ArrayList<>();
            for (int i = 0; i < reached.completed.size(); i++) {
                completed.add(
                        new TrainedNetwork(reached.completed.get(i), reached.completedEpochs.get(i), readMatrix(in)));
            }
            return new Checkpoint(completed, state, history);
        });
    }

    private static @Nullable Matrix readMatrix(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        int columns = in.readInt();
        int length = in.readInt();
        return Matrix.wrap(length / columns, columns, Floats.read(in, length));
    }

    /**
     * The parameters of a checkpoint.
     *
     * @param completed those of each completed network
     * @param current those of the network in training
     */
    public record Reached(List<Integer> completedEpochs, Progress progress, Vector current, List<Vector> completed) {

        /** The number of completed epochs of all networks. */
        public int epochs() {
            return completedEpochs.stream().mapToInt(Integer::intValue).sum() + progress.epoch();
        }
    }

    /** Reads the parameters without the history and the state of the optimizer. */
    public static Reached readParameters(ChunkSource chunks) {
        return ChunkReader.readStart(FRAME, chunks, in -> {
            in.skipNBytes(in.readInt());
            return readReached(in);
        });
    }

    private static Reached readReached(DataInputStream in) throws IOException {
        List<Integer> epochs = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            epochs.add(in.readInt());
        }
        Progress progress = readProgress(in);
        Vector current = readVector(in);
        List<Vector> completed = new ArrayList<>();
        for (int i = 0; i < epochs.size(); i++) {
            completed.add(readVector(in));
        }
        return new Reached(epochs, progress, current, completed);
    }

    /** Reads the history alone, from as few chunks as possible. */
    public static History readHistory(ChunkSource chunks) {
        return ChunkReader.readStart(FRAME, chunks, CheckpointFormat::readHistory);
    }

    private static History readHistory(DataInputStream in) throws IOException {
        return HistoryFormat.read(in.readNBytes(in.readInt()));
    }

    private static Progress readProgress(DataInputStream in) throws IOException {
        return new Progress(
                in.readInt(), in.readInt(), in.readDouble(), in.readInt(), in.readDouble(), readPlateau(in));
    }

    private static Plateau readPlateau(DataInputStream in) throws IOException {
        return new Plateau(in.readDouble(), in.readInt(), in.readInt(), in.readDouble());
    }

    private static Vector readVector(DataInputStream in) throws IOException {
        return Vector.wrap(Floats.read(in, in.readInt()));
    }
}
