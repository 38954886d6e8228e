package io.backprop.store;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.TrainingData;
import io.backprop.engine.Vector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * What a training learns from as bytes; in the parts that {@link PartsOutput} makes of them.
 *
 * <pre>
 * 0   1   1 if there are validation examples, else 0
 * 1       the training examples, then the validation examples:
 *     12  numbers of rows, of inputs, and of targets in a row
 *     1   1 if there are weights, else 0
 *     4m  the inputs, the targets, the weights, row by row, float32 each
 * </pre>
 *
 * <p>Format 1 was one frame with the length of all this, 8 bytes, and all this in the format of zlib.
 */
final class TrainingDataFormat {

    private static final String NAME = "BPEXAMPL";
    private static final Frame WHOLE = new Frame(NAME, 1);
    private static final Frame PART = new Frame(NAME, 2);
    private static final int EXAMPLES_HEADER = 3 * Integer.BYTES + 1;

    private TrainingDataFormat() {}

    /**
     * @param parts takes each part in turn
     */
    static void write(TrainingData data, Consumer<byte[]> parts) {
        Examples validation = data.validation();
        OutputStream out = new PartsOutput(PART, parts);
        try {
            out.write(validation == null ? 0 : 1);
            write(out, data.training());
            if (validation != null) {
                write(out, validation);
            }
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory has no such failures
        }
    }

    private static void write(OutputStream out, Examples examples) throws IOException {
        Vector weights = examples.weights();
        byte[] header = new byte[EXAMPLES_HEADER];
        FloatBlocks.over(header)
                .putInt(examples.size())
                .putInt(examples.inputs().columns())
                .putInt(examples.targets().columns())
                .put((byte) (weights == null ? 0 : 1));
        out.write(header);
        write(out, examples.inputs());
        write(out, examples.targets());
        if (weights != null) {
            FloatBlocks.write(out, weights);
        }
    }

    private static void write(OutputStream out, Matrix matrix) throws IOException {
        byte[] row = new byte[matrix.columns() * Float.BYTES];
        for (int i = 0; i < matrix.rows(); i++) {
            FloatBlocks.over(row).asFloatBuffer().put(matrix.row(i));
            out.write(row);
        }
    }

    /**
     * @param parts gives each part by its place from 0; empty after the last one
     */
    static TrainingData read(IntFunction<Optional<byte[]>> parts) {
        try (InputStream in = open(parts)) {
            boolean validated = FloatBlocks.readBytes(in, 1).get() == 1;
            Examples training = readExamples(in);
            TrainingData data = new TrainingData(training, validated ? readExamples(in) : null);
            FloatBlocks.requireEnd(in);
            return data;
        } catch (IOException e) {
            throw new DamagedException("examples can't be decompressed", e);
        }
    }

    private static InputStream open(IntFunction<Optional<byte[]>> parts) {
        Optional<byte[]> first = parts.apply(0);
        if (first.isEmpty() || Frame.formatOf(first.get()) != WHOLE.format()) {
            return new PartsInput(PART, place -> place == 0 ? first : parts.apply(place));
        }
        ByteBuffer content = WHOLE.read(first.get());
        content.getLong();
        return PartsInput.inflating(content);
    }

    private static Examples readExamples(InputStream in) throws IOException {
        ByteBuffer header = FloatBlocks.readBytes(in, EXAMPLES_HEADER);
        int rows = header.getInt();
        int inputs = header.getInt();
        int targets = header.getInt();
        boolean weighted = header.get() == 1;
        Examples examples = Examples.of(readMatrix(in, rows, inputs), readMatrix(in, rows, targets));
        return weighted ? examples.withWeights(FloatBlocks.read(in, rows)) : examples;
    }

    private static Matrix readMatrix(InputStream in, int rows, int columns) throws IOException {
        return Matrix.wrap(rows, columns, FloatBlocks.readValues(in, Math.multiplyExact(rows, columns)));
    }
}
