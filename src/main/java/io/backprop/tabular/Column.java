package io.backprop.tabular;

import io.backprop.tabular.RowSink.CellKind;
import org.jspecify.annotations.Nullable;

/**
 * Converts the cells of a column to floats: a missing value to NaN, any other cell to a number or to its code in a
 * dictionary.
 */
abstract class Column {

    final CellParser parser;
    private final String name;

    Column(String name, CellParser parser) {
        this.name = name;
        this.parser = parser;
    }

    /** Empty if the column has no name. */
    final String name() {
        return name;
    }

    /** Converts a cell, ignoring whitespace around it. */
    final float convert(CellKind kind, char[] text, int offset, int length) {
        int start = offset;
        int end = offset + length;
        while (start < end && text[start] <= ' ') {
            start++;
        }
        while (end > start && text[end - 1] <= ' ') {
            end--;
        }
        if (kind == CellKind.NUMBER && parser.decimalComma()) {
            char[] number =
                    new String(text, start, end - start).replace('.', ',').toCharArray();
            return convertTrimmed(kind, number, 0, number.length);
        }
        return convertTrimmed(kind, text, start, end - start);
    }

    private float convertTrimmed(CellKind kind, char[] text, int offset, int length) {
        return parser.isMissing(text, offset, length) ? convertMissing() : convertValue(kind, text, offset, length);
    }

    /** Called once, after all cells. */
    void finish() {}

    float convertMissing() {
        return Float.NaN;
    }

    /** Converts a cell that is not missing and has no whitespace around it. */
    abstract float convertValue(CellKind kind, char[] text, int offset, int length);

    /** The values of the codes; null if cells are numbers. */
    abstract @Nullable StringDictionary dictionary();

    /** The value of a code. */
    abstract String value(int code);

    /**
     * Rejects a column whose cells do not have the type of the feature, unless invalid cells are missing values.
     *
     * @param warnings receives the number of such cells
     */
    abstract void requireCompatible(Feature feature, Warnings warnings);
}
