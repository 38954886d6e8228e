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

    private final Table table;
    private final ColumnEncoder[] encoders;
    private final Warnings warnings;
    private final int outputWidth;

    TableEncoder(Table table, List<Feature> features, Warnings warnings) {
        this(table, features, warnings, 0);
    }

    /**
     * @param gap the input that a gap in numbers becomes
     */
    TableEncoder(Table table, List<Feature> features, Warnings warnings, float gap) {
        this.table = table;
        this.warnings = warnings;
        this.encoders = new ColumnEncoder[features.size()];
        int place = 0;
        for (int i = 0; i < encoders.length; i++) {
            encoders[i] = ColumnEncoder.of(table, features.get(i), place, gap);
            place += features.get(i).width();
        }
        this.outputWidth = place;
    }

    Matrix encode(int[] rows) {
        return encode(rows, table.cells(), new float[Math.multiplyExact(rows.length, outputWidth)]);
    }

    /** As {@link #encode}, but writes over the table's own memory if it can; it is the table's last use. */
    Matrix take(int[] rows) {
        float[] cells = table.release();
        long inputs = (long) rows.length * outputWidth;
        boolean inPlace = outputWidth <= table.width() && inputs > cells.length / 2 && isRising(rows);
        return encode(rows, cells, inPlace ? cells : new float[Math.toIntExact(inputs)]);
    }

    private static boolean isRising(int[] rows) {
        for (int i = 1; i < rows.length; i++) {
            if (rows[i] <= rows[i - 1]) {
                return false;
            }
        }
        return true;
    }

    private Matrix encode(int[] rows, float[] cells, float[] inputs) {
        int width = table.width();
        int blockRows = Math.max(1, CELLS_OF_BLOCK / width);
        ColumnEncoder.Block block = new ColumnEncoder.Block(new float[blockRows * width], width, inputs, outputWidth);
        for (int from = 0; from < rows.length; from += blockRows) {
            block.rows = Math.min(blockRows, rows.length - from);
            block.firstInput = from * outputWidth;
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
        return Matrix.wrapBeginning(rows.length, outputWidth, inputs);
    }
}
