package io.backprop.store.format;

import io.backprop.driver.Floats;
import io.backprop.engine.Examples;
import io.backprop.engine.Folds;
import io.backprop.engine.Matrix;
import io.backprop.engine.Split;
import io.backprop.engine.TrainingData;
import io.backprop.engine.Vector;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The examples of a training, as a stream in chunks.
 *
 * <pre>
 * 1   whether validation examples exist
 *     training examples, then validation examples:
 *     12  number of rows, inputs per row, targets per row
 *     4m  inputs, row by row, float32 each
 *     4m  targets, row by row, float32 each
 *     1   whether weights exist
 *     4n  weights, float32 each
 * 1   whether folds exist
 *     4   number of folds
 *     4n  fold of each training example
 *     1   whether rows are set apart to be monitored
 *         for each fold:
 *         4   number of longs
 *         8n  a bit for each training example, little-endian
 * 1   whether rows are held out by a search
 *     4   number of longs
 *     8n  a bit for each training example, little-endian
 * </pre>
 */
public final class TrainingDataFormat {

    private static final Frame FRAME = new Frame("BPEXAMPL", 1);

    private TrainingDataFormat() {}

    /** Approximate size of the examples in bytes, before they are compressed. */
    public static long size(TrainingData data) {
        Examples validation = data.validation();
        return size(data.training()) + (validation == null ? 0 : size(validation));
    }

    private static long size(Examples examples) {
        int columns = examples.inputs().columns() + examples.targets().columns() + (examples.weights() == null ? 0 : 1);
        return (long) examples.size() * columns * Float.BYTES;
    }

    /**
     * Writes the examples.
     *
     * @param chunks receives each chunk in turn
     */
    public static void write(TrainingData data, Consumer<byte[]> chunks) {
        Examples validation = data.validation();
        ChunkedOutputStream stream = new ChunkedOutputStream(FRAME, chunks);
        DataOutputStream out = new DataOutputStream(stream);
        try {
            out.writeBoolean(validation != null);
            write(out, data.training());
            if (validation != null) {
                write(out, validation);
            }
            write(out, data.folds());
            write(out, data.heldOut(), data.training().size());
        } catch (IOException e) {
            throw new IllegalStateException(e); // not thrown by chunks
        }
        stream.finish();
    }

    private static void write(DataOutputStream out, Examples examples) throws IOException {
        out.writeInt(examples.size());
        out.writeInt(examples.inputs().columns());
        out.writeInt(examples.targets().columns());
        write(out, examples.inputs());
        write(out, examples.targets());
        Vector weights = examples.weights();
        out.writeBoolean(weights != null);
        if (weights != null) {
            Floats.write(out, weights);
        }
    }

    private static void write(DataOutputStream out, @Nullable Folds folds) throws IOException {
        out.writeBoolean(folds != null);
        if (folds != null) {
            out.writeInt(folds.count());
            for (int row = 0; row < folds.rows(); row++) {
                out.writeInt(folds.foldOf(row));
            }
            out.writeBoolean(!folds.monitored(0).isEmpty());
            for (int fold = 0; !folds.monitored(0).isEmpty() && fold < folds.count(); fold++) {
                write(out, folds.monitored(fold));
            }
        }
    }

    private static void write(DataOutputStream out, @Nullable Split heldOut, int rows) throws IOException {
        out.writeBoolean(heldOut != null);
        if (heldOut != null) {
            BitSet held = new BitSet(rows);
            Arrays.stream(heldOut.validation()).forEach(held::set);
            write(out, held);
        }
    }

    private static void write(DataOutputStream out, BitSet rows) throws IOException {
        long[] bits = rows.toLongArray();
        out.writeInt(bits.length);
        for (long word : bits) {
            out.writeLong(word);
        }
    }

    private static void write(DataOutputStream out, Matrix matrix) throws IOException {
        for (int row = 0; row < matrix.rows(); row++) {
            Floats.write(out, matrix.row(row));
        }
    }

    public static TrainingData read(ChunkSource chunks) {
        return ChunkReader.readAll(FRAME, chunks, in -> {
            boolean validated = in.readBoolean();
            Examples training = readExamples(in);
            Examples validation = validated ? readExamples(in) : null;
            Folds folds = readFolds(in, training.size());
            return new TrainingData(training, validation, folds, readHeldOut(in, training.size()));
        });
    }

    private static @Nullable Folds readFolds(DataInputStream in, int rows) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        int count = in.readInt();
        int[] foldOf = new int[rows];
        for (int row = 0; row < rows; row++) {
            foldOf[row] = in.readInt();
        }
        Folds folds = Folds.of(count, foldOf);
        if (!in.readBoolean()) {
            return folds;
        }
        List<BitSet> monitored = new ArrayList<>();
        for (int fold = 0; fold < count; fold++) {
            monitored.add(readRows(in));
        }
        return folds.withMonitored(monitored);
    }

    private static @Nullable Split readHeldOut(DataInputStream in, int rows) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        BitSet held = readRows(in);
        return Split.of(rows, held::get);
    }

    private static BitSet readRows(DataInputStream in) throws IOException {
        long[] bits = new long[in.readInt()];
        for (int word = 0; word < bits.length; word++) {
            bits[word] = in.readLong();
        }
        return BitSet.valueOf(bits);
    }

    private static Examples readExamples(DataInputStream in) throws IOException {
        int rows = in.readInt();
        int inputs = in.readInt();
        int targets = in.readInt();
        Examples examples = Examples.of(readMatrix(in, rows, inputs), readMatrix(in, rows, targets));
        return in.readBoolean() ? examples.withWeights(Vector.wrap(Floats.read(in, rows))) : examples;
    }

    private static Matrix readMatrix(DataInputStream in, int rows, int columns) throws IOException {
        return Matrix.wrap(rows, columns, Floats.read(in, Matrix.elementCount(rows, columns)));
    }
}
