package io.backprop.store;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.TrainingData;
import io.backprop.engine.Vector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

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
    private static final int BLOCK = 64 << 10; // so much is in memory besides the examples and the compressed bytes
    private static final int EXAMPLES_HEADER = 3 * Integer.BYTES + 1;

    private TrainingDataFormat() {}

    static byte[] write(TrainingData data) {
        Examples validation = data.validation();
        long length = 1 + length(data.training()) + (validation == null ? 0 : length(validation));
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(compressed, deflater, BLOCK)) {
            out.write(validation == null ? 0 : 1);
            write(out, data.training());
            if (validation != null) {
                write(out, validation);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory has no such failures
        } finally {
            deflater.end();
        }
        return FRAME.write(
                Long.BYTES + (long) compressed.size(),
                content -> content.putLong(length).put(compressed.toByteArray()));
    }

    private static long length(Examples examples) {
        long numbers = examples.inputs().columns() + (long) examples.targets().columns();
        if (examples.exampleWeights() != null) {
            numbers++;
        }
        return EXAMPLES_HEADER + examples.size() * numbers * Float.BYTES;
    }

    private static void write(OutputStream out, Examples examples) throws IOException {
        Vector weights = examples.exampleWeights();
        byte[] header = new byte[EXAMPLES_HEADER];
        over(header)
                .putInt(examples.size())
                .putInt(examples.inputs().columns())
                .putInt(examples.targets().columns())
                .put((byte) (weights == null ? 0 : 1));
        out.write(header);
        write(out, examples.inputs());
        write(out, examples.targets());
        byte[] number = new byte[Float.BYTES];
        for (int i = 0; weights != null && i < weights.size(); i++) {
            over(number).putFloat(weights.get(i));
            out.write(number);
        }
    }

    private static void write(OutputStream out, Matrix matrix) throws IOException {
        byte[] row = new byte[matrix.columns() * Float.BYTES];
        for (int i = 0; i < matrix.rows(); i++) {
            Frame.putFloats(over(row), matrix.row(i));
            out.write(row);
        }
    }

    static TrainingData read(byte[] bytes) {
        ByteBuffer content = FRAME.read(bytes);
        long length = content.getLong();
        ByteArrayInputStream compressed = new ByteArrayInputStream(
                content.array(), content.arrayOffset() + content.position(), content.remaining());
        try (InputStream in = new InflaterInputStream(compressed)) {
            boolean validated = read(in, 1).get() == 1;
            Examples training = readExamples(in);
            TrainingData data = new TrainingData(training, validated ? readExamples(in) : null);
            if (in.read() >= 0) {
                throw new DamagedException("examples must have %d bytes, but have more".formatted(length));
            }
            return data;
        } catch (IOException e) {
            throw new DamagedException("examples can't be decompressed", e);
        }
    }

    private static Examples readExamples(InputStream in) throws IOException {
        ByteBuffer header = read(in, EXAMPLES_HEADER);
        int rows = header.getInt();
        int inputs = header.getInt();
        int targets = header.getInt();
        boolean weighted = header.get() == 1;
        Examples examples = Examples.of(readMatrix(in, rows, inputs), readMatrix(in, rows, targets));
        return weighted ? examples.withWeights(Vector.wrap(readFloats(in, rows))) : examples;
    }

    private static Matrix readMatrix(InputStream in, int rows, int columns) throws IOException {
        return Matrix.wrap(rows, columns, readFloats(in, Math.multiplyExact(rows, columns)));
    }

    private static float[] readFloats(InputStream in, int count) throws IOException {
        float[] values = new float[count];
        for (int first = 0; first < count; first += BLOCK / Float.BYTES) {
            int some = Math.min(count - first, BLOCK / Float.BYTES);
            read(in, some * Float.BYTES).asFloatBuffer().get(values, first, some);
        }
        return values;
    }

    private static ByteBuffer read(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new DamagedException("%d bytes must follow, but there are %d".formatted(count, bytes.length));
        }
        return over(bytes);
    }

    private static ByteBuffer over(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
