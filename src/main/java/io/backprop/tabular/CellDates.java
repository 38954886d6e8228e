package io.backprop.tabular;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Dates and times in ISO 8601, {@code 2024-02-29}, {@code 2024-02-29T12:00}, {@code 2024-02-29 12:00:30.5+01:00}; without
 * an offset they are taken as UTC.
 */
final class CellDates {

    private static final int DATE_LENGTH = 10;
    private static final double SECONDS_OF_DAY = 86_400;

    private CellDates() {}

    /** Days since 1970-01-01T00:00Z, as a float to about 3 minutes; NaN if there is no date. */
    static float parse(char[] text, int offset, int length) {
        if (length < DATE_LENGTH || length > StringDictionary.LONGEST) {
            return Float.NaN;
        }
        Scanner scanner = new Scanner(text, offset, offset + length);
        long day = scanner.date();
        double seconds = scanner.atEnd() ? 0 : scanner.time();
        return scanner.failed || !scanner.atEnd() ? Float.NaN : (float) (day + seconds / SECONDS_OF_DAY);
    }

    /** Reads on from where it stands; what is not as expected is remembered as a failure. */
    private static final class Scanner {

        private final char[] text;
        private final int end;
        private int at;
        private boolean failed;

        Scanner(char[] text, int start, int end) {
            this.text = text;
            this.at = start;
            this.end = end;
        }

        long date() {
            int year = number(4, 0, 9999);
            expect('-');
            int month = number(2, 1, 12);
            expect('-');
            int day = number(2, 1, 31);
            failed = failed || day > YearMonth.of(year, month).lengthOfMonth();
            return failed ? 0 : LocalDate.of(year, month, day).toEpochDay();
        }

        /** Seconds of the day in UTC. */
        double time() {
            failed |= !skip('T') && !skip('t') && !skip(' ');
            double seconds = 3600.0 * number(2, 0, 23);
            expect(':');
            seconds += 60 * number(2, 0, 59);
            if (skip(':')) {
                seconds += number(2, 0, 59) + fraction();
            }
            return seconds - offset();
        }

        private double fraction() {
            if (!skip('.') && !skip(',')) {
                return 0;
            }
            failed |= atEnd() || !isDigit();
            double fraction = 0;
            for (double unit = 0.1; !atEnd() && isDigit(); unit /= 10) {
                fraction += unit * (text[at++] - '0');
            }
            return fraction;
        }

        private int offset() {
            if (atEnd() || skip('Z') || skip('z')) {
                return 0;
            }
            int sign = skip('-') ? -1 : 1;
            if (sign == 1) {
                expect('+');
            }
            int seconds = 3600 * number(2, 0, 23);
            if (!atEnd()) {
                skip(':');
                seconds += 60 * number(2, 0, 59);
            }
            return sign * seconds;
        }

        private int number(int digits, int smallest, int largest) {
            int value = 0;
            for (int i = 0; i < digits && !failed; i++) {
                failed = atEnd() || !isDigit();
                value = failed ? value : 10 * value + text[at++] - '0';
            }
            failed |= value < smallest || value > largest;
            return failed ? smallest : value;
        }

        private void expect(char expected) {
            failed |= !skip(expected);
        }

        private boolean skip(char expected) {
            boolean there = !atEnd() && text[at] == expected;
            at += there ? 1 : 0;
            return there;
        }

        private boolean isDigit() {
            return text[at] >= '0' && text[at] <= '9';
        }

        boolean atEnd() {
            return at == end;
        }
    }
}
