package io.backprop.tabular;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How often integers of 16 bits occur. Pages of counters are allocated where there are any. */
final class HalfCounts {

    private static final int PAGE_BITS = 8;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int PAGES = (1 << Short.SIZE) / PAGE;

    private final long[][] pages = new long[PAGES][];

    /** @param half in [0, 2¹⁶) */
    void add(int half) {
        long[] page = pages[half >>> PAGE_BITS];
        if (page == null) {
            page = addPage(half >>> PAGE_BITS);
        }
        page[half & (PAGE - 1)]++;
    }

    private long[] addPage(int index) {
        long[] page = new long[PAGE];
        pages[index] = page;
        return page;
    }

    void merge(HalfCounts other) {
        for (int i = 0; i < PAGES; i++) {
            long[] added = other.pages[i];
            if (added != null) {
                long[] page = pages[i] == null ? addPage(i) : pages[i];
                for (int j = 0; j < PAGE; j++) {
                    page[j] += added[j];
                }
            }
        }
    }

    /**
     * The integer of a rank, from 0, in the order of all.
     *
     * @param before how many smaller ones there are
     */
    record Place(long rank, int half, long before) {}

    Place find(long rank) {
        long before = 0;
        for (int i = 0; i < PAGES; i++) {
            long[] page = pages[i];
            for (int j = 0; page != null && j < PAGE; j++) {
                if (rank < before + page[j]) {
                    return new Place(rank, i << PAGE_BITS | j, before);
                }
                before += page[j];
            }
        }
        throw new IllegalArgumentException("rank must be less than %d, but was %d".formatted(before, rank));
    }

    void writeTo(DataOutput out) throws IOException {
        for (long[] page : pages) {
            int used = 0;
            for (int j = 0; page != null && j < PAGE; j++) {
                used += page[j] == 0 ? 0 : 1;
            }
            out.writeShort(used);
            for (int j = 0; used > 0 && j < PAGE; j++) {
                if (page[j] > 0) {
                    out.writeByte(j);
                    out.writeLong(page[j]);
                }
            }
        }
    }

    static HalfCounts readFrom(DataInput in) throws IOException {
        HalfCounts counts = new HalfCounts();
        for (int i = 0; i < PAGES; i++) {
            int used = in.readUnsignedShort();
            long[] page = used > 0 ? counts.addPage(i) : new long[0];
            for (int k = 0; k < used; k++) {
                page[in.readUnsignedByte()] = in.readLong();
            }
        }
        return counts;
    }
}
