package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/** Encodes rows of a table as inputs of a network. */
final class TableEncoder {
    /*
     * Works on blocks of rows. A block is copied, so that the inputs may overwrite the table itself, and then encoded
     * column by column while it is in the cache.
     */

    private static final int CELLS_PER_BLOCK = 1 << 14;

    private final int width; // of the table
    private final ColumnEncoder[] encoders;
    private final int inputWidth;

    /** @param scaled false to scale nothing, and to keep missing numbers as NaN */
    TableEncoder(Header header, Column[] columns, List<Feature> features, Warnings warnings, boolean scaled) {
        this.width = columns.length;
        this.encoders = new ColumnEncoder[features.size()];
        int input = 0;
        for (int i = 0; i < encoders.length; i++) {
            Feature feature = features.get(i);
            int column = header.require(feature.name(), "the model needs");
            columns[column].requireCompatible(feature, warnings);
            encoders[i] = feature instanceof Feature.Categorical categorical
                    ? new ColumnEncoder.Categorical(column, input, columns[column], categorical, warnings, scaled)
                    : new ColumnEncoder.Numeric(column, input, columns[column], (Feature.Numeric) feature, scaled);
            input += feature.width();
        }
        this.inputWidth = input;
    }

    int inputWidth() {
        return inputWidth;
    }

    /**
     * The inputs of the given rows.
     *
     * @param cells rows × columns of the table, row-major. Not modified.
     */
    Matrix encode(float[] cells, int[] rows) {
        return encode(cells, rows, new float[Matrix.elementCount(rows.length, inputWidth)]);
    }

    /**
     * As {@link #encode}, but overwrites the cells if that saves memory.
     *
     * @param cells which belong to the inputs afterwards. Modified.
     */
    Matrix encodeInPlace(float[] cells, int[] rows) {
        long inputs = (long) rows.length * inputWidth;
        boolean inPlace = inputWidth <= width && inputs > cells.length / 2 && isAscending(rows);
        return encode(cells, rows, inPlace ? cells : new float[Math.toIntExact(inputs)]);
    }

    private static boolean isAscending(int[] rows) {
        return IntStream.range(1, rows.length).allMatch(i -> rows[i - 1] < rows[i]);
    }

    private Matrix encode(float[] cells, int[] rows, float[] inputs) {
        int blockRows = Math.max(1, CELLS_PER_BLOCK / width);
        float[] block = new float[blockRows * width];
        for (int from = 0; from < rows.length; from += blockRows) {
            int count = Math.min(blockRows, rows.length - from);
            for (int i = 0; i < count; i++) {
                System.arraycopy(cells, rows[from + i] * width, block, i * width, width);
            }
            for (ColumnEncoder encoder : encoders) {
                encoder.encode(block, count, width, inputs, from * inputWidth, inputWidth);
            }
        }
        return Matrix.wrapPrefix(rows.length, inputWidth, inputs);
    }
}
