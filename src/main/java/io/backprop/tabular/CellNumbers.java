package io.backprop.tabular;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

/** Numbers as they are written in cells: decimal, with a point and an exponent if need be. */
final class CellNumbers {

    private CellNumbers() {}

    /** The number, rounded to double and then to float; NaN if there is none, or none that fits. */
    static float parse(char[] text, int offset, int length) {
        if (length > Words.LONGEST || !isWellFormed(text, offset, length)) {
            return Float.NaN;
        }
        float value = (float) JavaDoubleParser.parseDouble(text, offset, length);
        return Float.isInfinite(value) ? Float.NaN : value;
    }

    /** Narrower than the parser, which also takes hexadecimal digits, suffixes and infinity. */
    static boolean isWellFormed(char[] text, int offset, int length) {
        int end = offset + length;
        int start = skipSign(text, offset, end);
        int at = skipDigits(text, start, end);
        int digits = at - start;
        if (at < end && text[at] == '.') {
            int fraction = at + 1;
            at = skipDigits(text, fraction, end);
            digits += at - fraction;
        }
        if (at < end && (text[at] | 0x20) == 'e') {
            int exponent = skipSign(text, at + 1, end);
            at = skipDigits(text, exponent, end);
            digits = at > exponent ? digits : 0;
        }
        return digits > 0 && at == end;
    }

    private static int skipSign(char[] text, int at, int end) {
        return at < end && (text[at] == '-' || text[at] == '+') ? at + 1 : at;
    }

    private static int skipDigits(char[] text, int at, int end) {
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }
}
