package io.backprop.tabular;

import org.jspecify.annotations.Nullable;

/**
 * Converts the cells of a column to floats: a missing value to NaN, any other cell to a number or to its code in a
 * dictionary.
 */
abstract class Column {

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
        return MissingValues.isMissing(text, start, end - start) ? Float.NaN : convertValue(text, start, end - start);
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
