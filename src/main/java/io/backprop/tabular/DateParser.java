package io.backprop.tabular;

import static java.time.temporal.ChronoField.HOUR_OF_DAY;
import static java.time.temporal.ChronoField.MINUTE_OF_HOUR;
import static java.time.temporal.ChronoField.NANO_OF_DAY;
import static java.time.temporal.ChronoField.NANO_OF_SECOND;
import static java.time.temporal.ChronoField.OFFSET_SECONDS;
import static java.time.temporal.ChronoField.SECOND_OF_MINUTE;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Parses dates and times in ISO 8601: {@code 2024-02-29}, {@code 2024-02-29T12:00},
 * {@code 2024-02-29 12:00:30.5+01:00}. Without an offset they are in UTC.
 */
final class DateParser {

    /*
     * The common forms are parsed digit by digit. With a DateTimeFormatter alone, a table with two columns of dates
     * among five took four times as long to read.
     */

    private static final int DATE_LENGTH = 10;
    private static final int TIME_LENGTH = 9; // with the character before it
    private static final int MAX_LENGTH = 40;
    private static final int SECONDS_PER_DAY = 86_400;

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendValue(HOUR_OF_DAY, 2)
            .appendLiteral(':')
            .appendValue(MINUTE_OF_HOUR, 2)
            .optionalStart()
            .appendLiteral(':')
            .appendValue(SECOND_OF_MINUTE, 2)
            .optionalStart()
            .appendFraction(NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .optionalEnd()
            .optionalStart()
            .parseLenient() // with or without minutes, with or without a colon
            .appendOffset("+HH", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private DateParser() {}

    /** Days since 1970-01-01T00:00Z, as a float to about 3 minutes; NaN if the text is not a date. */
    static float parse(char[] text, int offset, int length) {
        if (length < DATE_LENGTH || length > MAX_LENGTH || text[offset + 4] != '-' || text[offset + 7] != '-') {
            return Float.NaN;
        }
        try {
            int year = digits(text, offset, 4);
            LocalDate date = LocalDate.of(year, digits(text, offset + 5, 2), digits(text, offset + 8, 2));
            double seconds = length == DATE_LENGTH ? 0 : time(text, offset + DATE_LENGTH, length - DATE_LENGTH);
            return (float) (date.toEpochDay() + seconds / SECONDS_PER_DAY);
        } catch (DateTimeException e) {
            return Float.NaN;
        }
    }

    /** Seconds of the day in UTC. */
    private static double time(char[] text, int offset, int length) {
        if ("Tt ".indexOf(text[offset]) < 0) {
            throw new DateTimeException("a time must follow");
        }
        if (length == TIME_LENGTH && text[offset + 3] == ':' && text[offset + 6] == ':') {
            int hour = digits(text, offset + 1, 2);
            return LocalTime.of(hour, digits(text, offset + 4, 2), digits(text, offset + 7, 2))
                    .toSecondOfDay();
        }
        TemporalAccessor time = TIME.parse(new String(text, offset + 1, length - 1).replace(',', '.'));
        int shift = time.isSupported(OFFSET_SECONDS) ? time.get(OFFSET_SECONDS) : 0;
        return time.getLong(NANO_OF_DAY) / 1e9 - shift;
    }

    private static int digits(char[] text, int offset, int count) {
        int number = 0;
        for (int i = offset; i < offset + count; i++) {
            if (text[i] < '0' || text[i] > '9') {
                throw new DateTimeException("a digit must follow");
            }
            number = 10 * number + text[i] - '0';
        }
        return number;
    }
}
