package io.backprop.tabular;

/** The strings that stand for a missing value. */
final class MissingValues {

    private static final int MAX_LENGTH = 4;

    private MissingValues() {}

    /** Whether a cell without whitespace around it is one of them. */
    static boolean isMissing(char[] text, int offset, int length) {
        if (length == 0) {
            return true;
        }
        if (length > MAX_LENGTH || ((text[offset] | 0x20) != 'n' && text[offset] != '?')) {
            return false;
        }
        return switch (new String(text, offset, length)) {
            case "?", "NA", "N/A", "NaN", "nan", "null", "NULL" -> true;
            default -> false;
        };
    }
}
