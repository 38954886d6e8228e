package io.backprop.tabular;

import static java.time.temporal.ChronoField.HOUR_OF_DAY;
import static java.time.temporal.ChronoField.MINUTE_OF_HOUR;
import static java.time.temporal.ChronoField.NANO_OF_DAY;
import static java.time.temporal.ChronoField.NANO_OF_SECOND;
import static java.time.temporal.ChronoField.OFFSET_SECONDS;
import static java.time.temporal.ChronoField.SECOND_OF_MINUTE;

import java.time.DateTimeException;
import java.time.LocalDate;
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

    private static final int DATE_LENGTH = 10;
    private static final int MAX_LENGTH = 40;
    private static final double NANOS_PER_DAY = 86_400e9;

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
        if (!resemblesDate(text, offset, length)) {
            return Float.NaN;
        }
        try {
            LocalDate date = LocalDate.parse(new String(text, offset, DATE_LENGTH));
            String time = new String(text, offset + DATE_LENGTH, length - DATE_LENGTH);
            return (float) (date.toEpochDay() + (time.isEmpty() ? 0 : parseTime(time)));
        } catch (DateTimeException e) {
            return Float.NaN;
        }
    }

    /** Excludes most other cells at little cost. */
    private static boolean resemblesDate(char[] text, int offset, int length) {
        return length >= DATE_LENGTH
                && length <= MAX_LENGTH
                && text[offset + 4] == '-'
                && text[offset + 7] == '-'
                && (length == DATE_LENGTH || "Tt ".indexOf(text[offset + DATE_LENGTH]) >= 0);
    }

    /** As a part of the day in UTC. */
    private static double parseTime(String time) {
        TemporalAccessor parsed = TIME.parse(time.substring(1).replace(',', '.'));
        long offset = parsed.isSupported(OFFSET_SECONDS) ? parsed.getLong(OFFSET_SECONDS) : 0;
        return (parsed.getLong(NANO_OF_DAY) - 1_000_000_000 * offset) / NANOS_PER_DAY;
    }
}
