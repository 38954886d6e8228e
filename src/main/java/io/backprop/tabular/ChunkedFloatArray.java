package io.backprop.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A growing array of floats. {@link #toArray} needs the memory of the values twice; where their number was
 * {@linkplain #reserve reserved}, it does not copy, and little more than their own memory is ever needed.
 */
public final class ChunkedFloatArray {
    /*
     * The first chunk doubles up to CHUNK_LENGTH or has the reserved length; all others have CHUNK_LENGTH. Doubling a
     * single array would need three times the memory of the values. MemoryTests trains on the largest bodies.
     */

    private static final int MIN_LENGTH = 32;
    private static final int CHUNK_BITS = 16;
    private static final int CHUNK_LENGTH = 1 << CHUNK_BITS; // G1 would allocate larger ones as humongous objects

    private final LongConsumer memory;
    private final List<float[]> others = new ArrayList<>();
    private float[] first = {};
    private float[] last = first; // the first or the last of the others
    private int used; // of the last
    private int before; // values in the chunks before the last

    /** An array whose chunks are not reported, because their memory is accounted for elsewhere. */
    public ChunkedFloatArray() {
        this(bytes -> {});
    }

    /** @param memory receives the number of bytes before they are allocated, and a negative number once they are free */
    public ChunkedFloatArray(LongConsumer memory) {
        this.memory = memory;
    }

    public int size() {
        return before + used;
    }

    public void add(float value) {
        if (used == last.length) {
            grow();
        }
        last[used++] = value;
    }

    void addAll(float[] values) {
        if (values.length > last.length - used) {
            for (float value : values) {
                add(value);
            }
        } else {
            System.arraycopy(values, 0, last, used, values.length);
            used += values.length;
        }
    }

    private void grow() {
        if (first.length < CHUNK_LENGTH) {
            reserve(Math.min(Math.max(2 * first.length, MIN_LENGTH), CHUNK_LENGTH));
        } else {
            before = Math.addExact(before, used);
            used = 0;
            last = allocate(CHUNK_LENGTH);
            others.add(last);
        }
    }

    /** Allocates memory for that many values at once, unless there are more already. Fewer or more may follow. */
    void reserve(int length) {
        if (length > size()) {
            long bytes = ((long) others.size() * CHUNK_LENGTH + first.length) * Float.BYTES;
            moveTo(allocate(length));
            memory.accept(-bytes);
        }
    }

    private float[] allocate(int length) {
        memory.accept((long) length * Float.BYTES);
        return new float[length];
    }

    private void moveTo(float[] all) {
        int size = size();
        System.arraycopy(first, 0, all, 0, Math.min(first.length, size));
        for (int i = 0, start = first.length; i < others.size(); i++, start += CHUNK_LENGTH) {
            System.arraycopy(others.get(i), 0, all, start, Math.min(CHUNK_LENGTH, size - start));
        }
        others.clear();
        first = all;
        last = all;
        before = 0;
        used = size;
    }

    float get(int index) {
        int other = index - first.length;
        return other < 0 ? first[index] : others.get(other >> CHUNK_BITS)[other & (CHUNK_LENGTH - 1)];
    }

    void set(int index, float value) {
        int other = index - first.length;
        if (other < 0) {
            first[index] = value;
        } else {
            others.get(other >> CHUNK_BITS)[other & (CHUNK_LENGTH - 1)] = value;
        }
    }

    /**
     * All values in one array, followed by unused elements if more than a chunk was reserved. Nothing may be added
     * afterwards.
     */
    public float[] toArray() {
        boolean reserved = others.isEmpty() && first.length > CHUNK_LENGTH;
        if (size() != first.length && !reserved) {
            long bytes = (long) size() * Float.BYTES;
            memory.accept(bytes);
            moveTo(new float[size()]);
            memory.accept(-bytes);
        }
        return first;
    }
}
