package io.backprop.spark;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * A file with the rows of a shard in their canonical order.
 *
 * <pre>
 * 4   "BPSH"
 * 4   index of the shard
 * 4   values in a row, v: inputs, targets and, if the rows have weights, the weight
 * n × 4 v   rows, little-endian
 * 8   n
 * 4   CRC-32C of all preceding bytes
 * </pre>
 *
 * <p>All other numbers are big-endian. The number of rows is at the end, because rows are written as they come from a shuffle;
 * a {@link ShardManifest} has it, too, and the checksum, so that a reader knows both before it allocates memory.
 */
final class ShardFile {

    private static final int MAGIC = 0x42505348;
    private static final int HEADER = 3 * Integer.BYTES;
    private static final int TRAILER = Long.BYTES + Integer.BYTES;
    private static final int BUFFER = 1 << 16; // bytes

    private ShardFile() {}

    /** The file is missing, incomplete or altered. */
    static final class DamagedException extends IOException {

        private static final long serialVersionUID = 1;

        DamagedException(Path file, String problem) {
            super("%s %s".formatted(file, problem));
        }
    }

    /**
     * What a file must contain.
     *
     * @param rows number of rows
     * @param checksum CRC-32C at the end of the file
     */
    record Entry(long rows, int checksum) implements Serializable {}

    /** Numbers of values in a row. */
    record Shape(int features, int outputs, boolean weighted) implements Serializable {

        int values() {
            return features + outputs + (weighted ? 1 : 0);
        }

        int bytes() {
            return Math.multiplyExact(values(), Float.BYTES);
        }
    }

    /**
     * Writes a file aside and renames it.
     *
     * @param attempt of the task, so that two attempts do not write one file
     * @param rows keys and {@linkplain #row rows}
     */
    static Entry write(
            Path file,
            Configuration hadoop,
            String attempt,
            int index,
            Shape shape,
            Iterator<Tuple2<byte[], byte[]>> rows)
            throws IOException {
        FileSystem files = file.getFileSystem(hadoop);
        Path aside = new Path(file.getParent(), "." + file.getName() + "-" + attempt);
        boolean complete = false;
        try {
            Entry entry = write(files.create(aside, true, BUFFER), index, shape, rows);
            files.delete(file, false);
            complete = files.rename(aside, file);
            if (!complete && !files.exists(file)) { // else another attempt has written the same
                throw new IOException("%s could not be renamed to %s".formatted(aside, file));
            }
            return entry;
        } finally {
            if (!complete) {
                files.delete(aside, false);
            }
        }
    }

    private static Entry write(OutputStream stream, int index, Shape shape, Iterator<Tuple2<byte[], byte[]>> rows)
            throws IOException {
        CRC32C checksum = new CRC32C();
        try (DataOutputStream out = new DataOutputStream(new CheckedOutputStream(stream, checksum))) {
            out.writeInt(MAGIC);
            out.writeInt(index);
            out.writeInt(shape.values());
            long count = 0;
            for (; rows.hasNext(); count++) {
                out.write(rows.next()._2());
            }
            out.writeLong(count);
            int sum = (int) checksum.getValue();
            out.writeInt(sum);
            return new Entry(count, sum);
        }
    }

    /**
     * Reads a file.
     *
     * @throws DamagedException if it does not have the expected rows
     */
    static StoredShard read(Path file, Configuration hadoop, int index, Shape shape, Entry expected)
            throws IOException {
        try {
            FileSystem files = file.getFileSystem(hadoop);
            long length = files.getFileStatus(file).getLen();
            if (length != HEADER + expected.rows() * shape.bytes() + TRAILER) {
                throw new DamagedException(file, "has another length");
            }
            try (InputStream in = files.open(file, BUFFER)) {
                return read(in, file, index, shape, expected);
            }
        } catch (ChecksumException | EOFException | FileNotFoundException e) {
            throw new DamagedException(file, "cannot be read: " + e.getMessage());
        }
    }

    private static StoredShard read(InputStream stream, Path file, int index, Shape shape, Entry expected)
            throws IOException {
        CheckedInputStream checked = new CheckedInputStream(stream, new CRC32C());
        DataInputStream in = new DataInputStream(checked);
        boolean valid = in.readInt() == MAGIC && in.readInt() == index && in.readInt() == shape.values();
        int rows = Math.toIntExact(expected.rows());
        float[] inputs = new float[Matrix.elementCount(rows, shape.features())];
        float[] targets = new float[Matrix.elementCount(rows, shape.outputs())];
        float @Nullable [] weights = shape.weighted() ? new float[rows] : null;
        byte[] bytes = new byte[shape.bytes()];
        ByteBuffer row = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rows; i++) {
            in.readFully(bytes);
            row.asFloatBuffer()
                    .get(inputs, i * shape.features(), shape.features())
                    .get(targets, i * shape.outputs(), shape.outputs());
            if (weights != null) {
                weights[i] = row.getFloat(bytes.length - Float.BYTES);
            }
        }
        valid &= in.readLong() == rows;
        int sum = (int) checked.getChecksum().getValue();
        if (!valid || in.readInt() != sum || sum != expected.checksum()) {
            throw new DamagedException(file, "has been altered: its checksum does not match");
        }
        return new StoredShard(index, rows, inputs, targets, weights);
    }

    /**
     * The bytes of a row in a file.
     *
     * @param values scratch for the values of a row. Modified.
     */
    static byte[] row(Examples examples, int row, Shape shape, float[] values) {
        examples.inputs().copyRow(row, values, 0);
        examples.targets().copyRow(row, values, shape.features());
        if (shape.weighted()) {
            values[shape.values() - 1] =
                    examples.weights() == null ? 1 : examples.weights().get(row);
        }
        ByteBuffer bytes = ByteBuffer.allocate(shape.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values, 0, shape.values());
        return bytes.array();
    }
}
