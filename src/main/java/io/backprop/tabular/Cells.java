package io.backprop.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** The cells of a table, packed row by row, while their number is still unknown. */
final class Cells {
    /*
     * Chunks of whole rows double up to a fixed length and are copied only once. Where the number of rows can be
     * foretold, one array is made for all of them, so that there never are two copies of a large table.
     */

    private static final int SMALLEST_CHUNK = 256;
    private static final int LARGEST_CHUNK = 1 << 16; // small enough for G1 not to give it regions of its own
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final int width;
    private final long most;
    private final LongConsumer memory;
    private final List<float[]> full = new ArrayList<>();
    private float[] chunk;
    private int used; // of the current chunk
    private long inFull; // cells in full chunks
    private long charged; // cells' worth of memory that other things take

    /** @param memory told of bytes before they are taken, and as a negative number when they are free again */
    Cells(int width, long most, LongConsumer memory) {
        this.width = width;
        this.most = Math.min(most, LONGEST_ARRAY);
        this.memory = memory;
        this.chunk = new float[0];
        requireRoom(0);
    }

    void addRow(float[] row) {
        if (used == chunk.length) {
            grow();
        }
        System.arraycopy(row, 0, chunk, used, width);
        used += width;
    }

    private void grow() {
        requireRoom(0);
        if (chunk.length > 0) {
            full.add(chunk);
        }
        inFull += used;
        used = 0;
        chunk = allocate(wholeRows(Math.min(Math.max(inFull, SMALLEST_CHUNK), LARGEST_CHUNK)));
    }

    private float[] allocate(int length) {
        memory.accept((long) length * Float.BYTES);
        return new float[length];
    }

    private int wholeRows(long length) {
        return (int) Math.min(Math.max(length / width, 1), most / width) * width;
    }

    /** Counts memory that the table takes beside its cells. */
    void charge(int cells) {
        requireRoom(cells);
        memory.accept((long) cells * Float.BYTES);
        charged += cells;
    }

    private void requireRoom(int more) {
        if (inFull + used + width + charged + more > most) {
            throw TableException.tooLarge("a table may have at most %d cells, but this one has more", most);
        }
    }

    /**
     * Makes room for so many rows at once; there may still be more or fewer. None is made for far more than there may be,
     * which are refused when they have come.
     */
    void expect(long rows) {
        long mostRows = most / width;
        long length = Math.min(rows, mostRows) * width;
        if (rows <= mostRows + mostRows / 16 && length > inFull + chunk.length) {
            join((int) length);
        }
    }

    /** Puts in place of a column's words the numbers that they are. */
    void valuesOf(StringDictionary words, int column) {
        full.forEach(cells -> valuesOf(words, column, cells, cells.length));
        valuesOf(words, column, chunk, used);
    }

    private void valuesOf(StringDictionary words, int column, float[] cells, int length) {
        for (int i = column; i < length; i += width) {
            if (!Float.isNaN(cells[i])) {
                cells[i] = words.value((int) cells[i]);
            }
        }
    }

    /** All cells, and perhaps more behind them. */
    float[] toArray() {
        if (!full.isEmpty()) {
            join(Math.toIntExact(inFull + used));
        }
        return chunk;
    }

    /** Makes one chunk of all. */
    private void join(int length) {
        float[] all = allocate(length);
        int offset = 0;
        for (float[] cells : full) {
            System.arraycopy(cells, 0, all, offset, cells.length);
            offset += cells.length;
        }
        System.arraycopy(chunk, 0, all, offset, used);
        memory.accept(-(inFull + chunk.length) * Float.BYTES);
        full.clear();
        inFull = 0;
        used += offset;
        chunk = all;
    }
}
