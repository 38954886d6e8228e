package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.List;

/** Turns rows of a table into inputs. */
final class TableEncoder {
    /*
     * Block by block of rows: a block is copied, which lets the inputs be written over the table itself, and then encoded
     * column by column, which keeps the loops simple while the block stays in the cache.
     */

    private static final int CELLS_OF_BLOCK = 1 << 14;

    private final int width; // of the table
    private final ColumnEncoder[] encoders;
    private final Warnings warnings;
    private final int inputWidth;

    TableEncoder(Layout layout, List<Feature> features, Warnings warnings) {
        this(layout, features, warnings, 0);
    }

    /**
     * @param gap the input that a gap in numbers becomes
     */
    TableEncoder(Layout layout, List<Feature> features, Warnings warnings, float gap) {
        this.width = layout.count();
        this.warnings = warnings;
        this.encoders = new ColumnEncoder[features.size()];
        int place = 0;
        for (int i = 0; i < encoders.length; i++) {
            encoders[i] = ColumnEncoder.of(layout, features.get(i), place, gap);
            place += features.get(i).width();
        }
        this.inputWidth = place;
    }

    int inputWidth() {
        return inputWidth;
    }

    /**
     * The given rows as inputs.
     *
     * @param cells rows × columns of the table, row-major. Not modified.
     */
    Matrix encode(float[] cells, int[] rows) {
        return encode(cells, rows, new float[Matrix.elementCount(rows.length, inputWidth)]);
    }

    /**
     * As {@link #encode}, but writes over the cells if that saves memory.
     *
     * @param cells which from now on belong to the inputs. Modified.
     */
    Matrix encodeInPlace(float[] cells, int[] rows) {
        long inputs = (long) rows.length * inputWidth;
        boolean inPlace = inputWidth <= width && inputs > cells.length / 2 && isRising(rows);
        return encode(cells, rows, inPlace ? cells : new float[Math.toIntExact(inputs)]);
    }

    private static boolean isRising(int[] rows) {
        for (int i = 1; i < rows.length; i++) {
            if (rows[i] <= rows[i - 1]) {
                return false;
            }
        }
        return true;
    }

    private Matrix encode(float[] cells, int[] rows, float[] inputs) {
        int blockRows = Math.max(1, CELLS_OF_BLOCK / width);
        ColumnEncoder.Block block = new ColumnEncoder.Block(new float[blockRows * width], width, inputs, inputWidth);
        for (int from = 0; from < rows.length; from += blockRows) {
            block.rows = Math.min(blockRows, rows.length - from);
            block.firstInput = from * inputWidth;
            for (int i = 0; i < block.rows; i++) {
                System.arraycopy(cells, rows[from + i] * width, block.cells, i * width, width);
            }
            for (ColumnEncoder encoder : encoders) {
                encoder.encode(block);
            }
        }
        for (ColumnEncoder encoder : encoders) {
            encoder.warn(warnings);
        }
        return Matrix.wrapPrefix(rows.length, inputWidth, inputs);
    }
}
