package io.backprop.web.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/** A growing list of numbers that never holds more than twice the memory they take. */
final class PackedFloats {

    /*
     * Chunks double up to a fixed length and are copied only once, at the end. Doubling one array to the end would need
     * three times the memory while it is copied.
     */
    private static final int LARGEST_CHUNK = 1 << 16; // small enough for G1 not to give it regions of its own

    private final List<float[]> full = new ArrayList<>();
    private float[] chunk = new float[32];
    private int used; // of the current chunk
    private int inFull; // numbers in full chunks

    void add(float value) {
        if (used == chunk.length) {
            grow();
        }
        chunk[used++] = value;
    }

    private void grow() {
        full.add(chunk);
        inFull = Math.addExact(inFull, chunk.length);
        chunk = new float[Math.min(inFull, LARGEST_CHUNK)];
        used = 0;
    }

    /**
     * All numbers; the list has none afterwards.
     *
     * @param memory told of bytes before they are taken, and as a negative number when they are free again
     */
    float[] toArray(LongConsumer memory) {
        if (full.isEmpty()) {
            return Arrays.copyOf(chunk, used);
        }
        long bytes = (long) Math.addExact(inFull, used) * Float.BYTES;
        memory.accept(bytes);
        float[] all = join();
        full.clear();
        memory.accept(-bytes);
        return all;
    }

    private float[] join() {
        float[] all = new float[inFull + used];
        int offset = 0;
        for (float[] filled : full) {
            System.arraycopy(filled, 0, all, offset, filled.length);
            offset += filled.length;
        }
        System.arraycopy(chunk, 0, all, offset, used);
        return all;
    }
}
