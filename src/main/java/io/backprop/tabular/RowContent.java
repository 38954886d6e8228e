package io.backprop.tabular;

import io.backprop.engine.RowHash;
import io.backprop.engine.SplitMix64;
import java.util.Arrays;

/**
 * The cells of a row in an order that does not depend on the table's, which decide whether the row is for validation.
 *
 * <p>A number is the 4 bytes of its float, −0 as 0 and a missing value as NaN; a text is its length in UTF-8 as 4 bytes, −1
 * for a missing value, and its bytes. Lengths and floats are big-endian.
 */
public final class RowContent {

    private static final long BRANCH = 0x636F6E74656E74L; // of the seed

    private byte[] bytes = new byte[256];
    private int length;

    /**
     * Adds a number.
     *
     * @param number NaN if it is missing
     */
    public void addNumber(float number) {
        addInt(Float.floatToIntBits(number + 0f)); // −0 + 0 is 0
    }

    /** @param utf8 Not modified. */
    void addText(byte[] utf8) {
        addInt(utf8.length);
        reserve(utf8.length);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
    }

    void addMissingText() {
        addInt(-1);
    }

    private void addInt(int value) {
        reserve(Integer.BYTES);
        bytes[length++] = (byte) (value >>> 24);
        bytes[length++] = (byte) (value >>> 16);
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    /** Whether the row is among the given share of all different rows. Begins the next row. */
    public boolean isForValidation(double share, long seed) {
        RowHash hash = RowHash.ofBytes(SplitMix64.derive(seed, BRANCH), bytes, 0, length);
        length = 0;
        return hash.fraction() < share;
    }
}
