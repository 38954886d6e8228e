package io.backprop.store;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.TrainingData;
import io.backprop.engine.Vector;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * What a training learns from as bytes; in a {@link Frame}.
 *
 * <pre>
 * 0   8   length of what follows before it was compressed
 * 8   n   in the format of zlib, RFC 1950:
 *     1     1 if there are validation examples, else 0
 *     +     the training examples, then the validation examples:
 *     12      numbers of rows, of inputs, and of targets in a row
 *     1       1 if there are weights, else 0
 *     4m      the inputs, the targets, the weights, row by row, float32 each
 * </pre>
 */
final class TrainingDataFormat {

    private static final Frame FRAME = new Frame("BPEXAMPL", 1);
    private static final int BLOCK = 64 << 10;
    private static final int EXAMPLES_HEADER = 3 * Integer.BYTES + 1;

    private TrainingDataFormat() {}

    static byte[] write(TrainingData data) {
        Examples validation = data.validation();
        long length = 1 + length(data.training()) + (validation == null ? 0 : length(validation));
        ByteBuffer plain = ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        plain.put((byte) (validation == null ? 0 : 1));
        put(plain, data.training());
        if (validation != null) {
            put(plain, validation);
        }
        byte[] compressed = compress(plain.array());
        return FRAME.write(
                Long.BYTES + (long) compressed.length,
                content -> content.putLong(length).put(compressed));
    }

    private static long length(Examples examples) {
        long numbers = examples.inputs().columns() + (long) examples.targets().columns();
        if (examples.exampleWeights() != null) {
            numbers++;
        }
        return EXAMPLES_HEADER + examples.size() * numbers * Float.BYTES;
    }

    private static void put(ByteBuffer plain, Examples examples) {
        Vector weights = examples.exampleWeights();
        plain.putInt(examples.size())
                .putInt(examples.inputs().columns())
                .putInt(examples.targets().columns())
                .put((byte) (weights == null ? 0 : 1));
        put(plain, examples.inputs());
        put(plain, examples.targets());
        for (int i = 0; weights != null && i < weights.size(); i++) {
            plain.putFloat(weights.get(i));
        }
    }

    private static void put(ByteBuffer plain, Matrix matrix) {
        for (int row = 0; row < matrix.rows(); row++) {
            Frame.putFloats(plain, matrix.row(row));
        }
    }

    private static byte[] compress(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(plain);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(BLOCK);
            byte[] block = new byte[BLOCK];
            while (!deflater.finished()) {
                out.write(block, 0, deflater.deflate(block));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    static TrainingData read(byte[] bytes) {
        ByteBuffer content = FRAME.read(bytes);
        long length = content.getLong();
        ByteBuffer plain = ByteBuffer.wrap(decompress(content, length)).order(ByteOrder.LITTLE_ENDIAN);
        boolean validated = plain.get() == 1;
        Examples training = getExamples(plain);
        return new TrainingData(training, validated ? getExamples(plain) : null);
    }

    private static byte[] decompress(ByteBuffer content, long length) {
        Inflater inflater = new Inflater();
        try {
            byte[] plain = new byte[Math.toIntExact(length)];
            inflater.setInput(content);
            int read = inflater.inflate(plain);
            if (read != length) {
                throw new DamagedException("examples must have %d bytes, but have %d".formatted(length, read));
            }
            return plain;
        } catch (DataFormatException e) {
            throw new DamagedException("examples can't be decompressed", e);
        } finally {
            inflater.end();
        }
    }

    private static Examples getExamples(ByteBuffer plain) {
        int rows = plain.getInt();
        int inputs = plain.getInt();
        int targets = plain.getInt();
        boolean weighted = plain.get() == 1;
        Examples examples = Examples.of(getMatrix(plain, rows, inputs), getMatrix(plain, rows, targets));
        float @Nullable [] weights = weighted ? Frame.getFloats(plain, rows) : null;
        return weights == null ? examples : examples.withWeights(Vector.wrap(weights));
    }

    private static Matrix getMatrix(ByteBuffer plain, int rows, int columns) {
        return Matrix.wrap(rows, columns, Frame.getFloats(plain, Math.multiplyExact(rows, columns)));
    }
}
