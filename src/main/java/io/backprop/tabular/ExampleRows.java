package io.backprop.tabular;

import io.backprop.engine.Examples;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/** Encodes the rows of a table as examples of a training, in batches. Rows without a target are skipped. */
public final class ExampleRows implements RowSink {

    /**
     * Consecutive rows.
     *
     * @param examples scaled, with weights if there are class weights; the weights of rows for validation are 1
     * @param validation the rows for validation
     */
    public record Batch(Examples examples, BitSet validation) {}

    /**
     * @param source where the rows come from, for messages such as "part-7.csv, line 5"; may be empty
     * @param warnings receives the numbers of unknown categories and of skipped rows
     * @param consumer called for each full batch, and for the last one
     */
    public ExampleRows(RowEncoding encoding, String source, Warnings warnings, Consumer<Batch> consumer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void begin(List<String> columns) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void cell(int column, CellKind kind, char[] text, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void endRow() {
        throw new UnsupportedOperationException();
    }

    /** Encodes the remaining rows. Must be called once, after all rows; there may be none. */
    public void finish() {
        throw new UnsupportedOperationException();
    }
}
