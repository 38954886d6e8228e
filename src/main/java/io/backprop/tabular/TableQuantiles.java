package io.backprop.tabular;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The third pass over a table, see {@link TableScan}: finds medians and quartiles of the rows for training exactly. Parts of
 * the table start from the bytes of the one that {@link TableFit#quantiles()} returns.
 */
public final class TableQuantiles extends TrainingRowSink {

    private final @Nullable QuantileCounts[] counts; // by feature; null where none are needed

    TableQuantiles(TableColumns columns, String source, @Nullable QuantileCounts[] counts) {
        super(columns, source);
        this.counts = counts;
    }

    /** Whether there are numbers to count; if not, the pass can be left out. */
    public boolean isNeeded() {
        return Arrays.stream(counts).anyMatch(Objects::nonNull);
    }

    @Nullable
    QuantileCounts counts(int column) {
        flush();
        return counts[column];
    }

    @Override
    void addFeature(int column, float[] numbers, int count) {
        QuantileCounts added = counts[column];
        if (added != null) {
            added.addAll(numbers, count);
        }
    }

    /** Adds the rows of another part, which must not be used afterwards. */
    public void merge(TableQuantiles other) {
        flush();
        for (int column = 0; column < counts.length; column++) {
            QuantileCounts sum = counts[column];
            QuantileCounts added = other.counts(column);
            if (sum != null && added != null) {
                sum.merge(added);
            }
        }
    }

    public void writeTo(DataOutput out) throws IOException {
        flush();
        out.writeInt(counts.length);
        for (QuantileCounts count : counts) {
            out.writeBoolean(count != null);
            if (count != null) {
                count.writeTo(out);
            }
        }
    }

    /**
     * Reads the counts of a part of the table.
     *
     * @param source where the rows come from, for messages; may be empty
     */
    public static TableQuantiles readFrom(DataInput in, TableColumns columns, String source) throws IOException {
        @Nullable QuantileCounts[] counts = new QuantileCounts[in.readInt()];
        for (int column = 0; column < counts.length; column++) {
            counts[column] = in.readBoolean() ? QuantileCounts.readFrom(in) : null;
        }
        return new TableQuantiles(columns, source, counts);
    }
}
