package io.backprop.tabular;

/** What is written where there is no value. */
final class MissingValues {

    private static final int LONGEST = 4;

    private MissingValues() {}

    /** Whether a cell, without space around it, is a gap. */
    static boolean isMissing(char[] text, int offset, int length) {
        if (length == 0) {
            return true;
        }
        if (length > LONGEST || ((text[offset] | 0x20) != 'n' && text[offset] != '?')) {
            return false;
        }
        return switch (new String(text, offset, length)) {
            case "?", "NA", "N/A", "NaN", "nan", "null", "NULL" -> true;
            default -> false;
        };
    }
}
