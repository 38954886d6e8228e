package io.backprop.tabular;

import org.jspecify.annotations.Nullable;

/**
 * Converts the cells of a column to floats: a missing value to NaN, any other cell to a number or to its code in a
 * dictionary.
 */
abstract class Column {

    private static final int MAX_MISSING_LENGTH = 4;

    private final String name;

    Column(String name) {
        this.name = name;
    }

    final String name() {
        return name;
    }

    /** Converts a cell, ignoring whitespace around it. */
    final float convert(char[] text, int offset, int length) {
        int start = offset;
        int end = offset + length;
        while (start < end && text[start] <= ' ') {
            start++;
        }
        while (end > start && text[end - 1] <= ' ') {
            end--;
        }
        return isMissing(text, start, end - start) ? convertMissing() : convertValue(text, start, end - start);
    }

    /** Whether a cell without whitespace around it stands for a missing value. */
    static boolean isMissing(char[] text, int offset, int length) {
        if (length == 0) {
            return true;
        }
        if (length > MAX_MISSING_LENGTH || ((text[offset] | 0x20) != 'n' && text[offset] != '?')) {
            return false;
        }
        return switch (new String(text, offset, length)) {
            case "?", "NA", "N/A", "NaN", "nan", "null", "NULL" -> true;
            default -> false;
        };
    }

    float convertMissing() {
        return Float.NaN;
    }

    /** Converts a cell that is not missing and has no whitespace around it. */
    abstract float convertValue(char[] text, int offset, int length);

    /** The values of the codes; null if cells are numbers. */
    abstract @Nullable StringDictionary dictionary();

    /** The value of a code. */
    abstract String value(int code);

    /** Rejects a column whose cells do not have the type of the feature. */
    abstract void requireCompatible(Feature feature);
}
