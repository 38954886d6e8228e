package io.backprop.tabular;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

/** Parses decimal numbers: a sign, digits, a point and an exponent, all optional but the digits. */
final class NumberParser {
    /*
     * Each cell must be scanned in any case, because JavaDoubleParser also accepts hexadecimal digits, suffixes and
     * infinity. The scan collects the digits. If they and their power of ten are exact as doubles, their quotient is
     * correctly rounded (Clinger 1990), in half of the parser's time (benchmark TableReading).
     */

    private static final int EXACT_DIGITS = 15;
    private static final double[] POWERS_OF_TEN = new double[EXACT_DIGITS + 1];

    static {
        POWERS_OF_TEN[0] = 1;
        for (int i = 1; i < POWERS_OF_TEN.length; i++) {
            POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
        }
    }

    private NumberParser() {}

    /**
     * The number, rounded to double and then to float; NaN if it is malformed or does not fit.
     *
     * @param point the decimal separator
     */
    static float parse(char[] text, int offset, int length, char point) {
        int end = offset + length;
        int start = skipSign(text, offset, end);
        int at = start;
        long digits = 0; // overflows if there are many
        int fraction = 0; // number of its digits
        int points = 0;
        for (; at < end && isDigit(text[at]); at++) {
            digits = 10 * digits + text[at] - '0';
        }
        if (at < end && text[at] == point) {
            points = 1;
            int first = ++at;
            for (; at < end && isDigit(text[at]); at++) {
                digits = 10 * digits + text[at] - '0';
            }
            fraction = at - first;
        }
        int count = at - start - points;
        if (at < end || count == 0 || count > EXACT_DIGITS) {
            return parseSlowly(text, offset, length, point);
        }
        double value = digits / POWERS_OF_TEN[fraction];
        return (float) (text[offset] == '-' ? -value : value);
    }

    private static float parseSlowly(char[] text, int offset, int length, char point) {
        if (length > StringDictionary.MAX_LENGTH || !isWellFormed(text, offset, length, point)) {
            return Float.NaN;
        }
        float value = (float)
                (point == '.'
                        ? JavaDoubleParser.parseDouble(text, offset, length)
                        : JavaDoubleParser.parseDouble(new String(text, offset, length).replace(point, '.')));
        return Float.isInfinite(value) ? Float.NaN : value;
    }

    /** Whether the text has the form of a number, whether it fits or not. */
    static boolean isWellFormed(char[] text, int offset, int length, char point) {
        int end = offset + length;
        int start = skipSign(text, offset, end);
        int at = skipDigits(text, start, end);
        int digits = at - start;
        if (at < end && text[at] == point) {
            int fraction = at + 1;
            at = skipDigits(text, fraction, end);
            digits += at - fraction;
        }
        if (at < end && (text[at] == 'e' || text[at] == 'E')) {
            int exponent = skipSign(text, at + 1, end);
            at = skipDigits(text, exponent, end);
            digits = at > exponent ? digits : 0;
        }
        return digits > 0 && at == end;
    }

    private static int skipSign(char[] text, int at, int end) {
        return at < end && (text[at] == '-' || text[at] == '+') ? at + 1 : at;
    }

    private static int skipDigits(char[] text, int start, int end) {
        int at = start;
        while (at < end && isDigit(text[at])) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }
}
