package io.backprop.tabular;

import static java.time.temporal.ChronoField.ERA;
import static java.time.temporal.ChronoField.NANO_OF_DAY;
import static java.time.temporal.ChronoField.OFFSET_SECONDS;

import io.backprop.engine.InvalidArgumentException;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Parses dates, with or without times, by a pattern of {@link DateTimeFormatter} with English names. */
final class DatePattern {

    private static final int MAX_LENGTH = 100;
    private static final ZonedDateTime SAMPLE = ZonedDateTime.of(2023, 12, 31, 22, 45, 10, 0, ZoneOffset.UTC);
    private static final double SECONDS_PER_DAY = 86_400;

    /** Of days, then times to follow. A pattern that is matched by more texts comes later. */
    private static final List<String> COMMON = List.of(
            "dd.MM.yyyy",
            "d.M.yyyy",
            "dd/MM/yyyy",
            "MM/dd/yyyy",
            "d/M/yyyy",
            "M/d/yyyy",
            "yyyy/MM/dd",
            "yyyy/M/d",
            "dd-MM-yyyy",
            "MM-dd-yyyy",
            "yyyy.MM.dd",
            "dd.MM.yy",
            "dd/MM/yy",
            "MM/dd/yy",
            "M/d/yy",
            "d MMM yyyy",
            "d-MMM-yyyy",
            "d-MMM-yy",
            "d. MMMM yyyy",
            "d MMMM yyyy",
            "MMM d, yyyy",
            "MMMM d, yyyy");

    private static final List<String> COMMON_TIMES = List.of("", " HH:mm", " HH:mm:ss", " h:mm a", " h:mm:ss a");

    private final String pattern;
    private final DateTimeFormatter formatter;
    private final String sample;

    /** @throws InvalidArgumentException if the pattern is malformed, or if it does not determine a day */
    DatePattern(String pattern) {
        this.pattern = pattern;
        try {
            if (pattern.isBlank() || pattern.length() > MAX_LENGTH) {
                throw new IllegalArgumentException("must have 1 to %d characters".formatted(MAX_LENGTH));
            }
            formatter = new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern(pattern)
                    .parseDefaulting(ERA, 1) // y is the year of an era
                    .toFormatter(Locale.ENGLISH)
                    .withResolverStyle(ResolverStyle.STRICT);
            sample = formatter.format(SAMPLE);
            requireComplete();
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new InvalidArgumentException(
                    "dateFormat must be a pattern of day, month and year, such as dd.MM.yyyy or M/d/yyyy HH:mm, but was %s: %s"
                            .formatted(TableException.quote(pattern), e.getMessage()));
        }
    }

    private void requireComplete() {
        String earlier = formatter.format(SAMPLE.minusHours(5));
        float day = SAMPLE.toLocalDate().toEpochDay();
        float parsed = parse(sample);
        if (!(parsed >= day && parsed < day + 1)) {
            throw new IllegalArgumentException(
                    "it writes a day as %s, which does not determine it".formatted(TableException.quote(sample)));
        }
        if (!earlier.equals(sample) && parse(earlier) == parsed) {
            throw new IllegalArgumentException(
                    "it writes a time as %s, which does not determine it".formatted(TableException.quote(sample)));
        }
    }

    /** The common pattern that all of the texts match, or two that differ in the order of day and month; else none. */
    static List<String> matching(List<String> texts) {
        List<String> matching = new ArrayList<>();
        for (String time : COMMON_TIMES) {
            for (String day : COMMON) {
                if (matching.size() < 2
                        && !texts.isEmpty()
                        && new DatePattern(day + time).matchesAll(texts)
                        && matching.stream().noneMatch(other -> isVariant(other, day + time))) {
                    matching.add(day + time);
                }
            }
        }
        return matching;
    }

    /** Whether two patterns differ only in the lengths of numbers. */
    private static boolean isVariant(String pattern, String other) {
        return pattern.replaceAll("(.)\\1+", "$1").equals(other.replaceAll("(.)\\1+", "$1"));
    }

    private boolean matchesAll(List<String> texts) {
        return texts.stream().noneMatch(text -> Float.isNaN(parse(text)));
    }

    @Override
    public String toString() {
        return pattern;
    }

    /** Whether dates of this pattern may be confused with those of ISO 8601. */
    boolean resemblesIso() {
        return sample.matches("\\d{4}-\\d{2}-\\d{2}.*");
    }

    /** Days since 1970-01-01T00:00Z; NaN if the text does not match. Without an offset, a time is in UTC. */
    float parse(String text) {
        ParsePosition position = new ParsePosition(0);
        try {
            // unresolved first, because it signals a mismatch without an exception
            if (formatter.parseUnresolved(text, position) == null || position.getIndex() < text.length()) {
                return Float.NaN;
            }
            TemporalAccessor parsed = formatter.parse(text);
            LocalDate date = parsed.query(TemporalQueries.localDate());
            if (date == null) {
                return Float.NaN;
            }
            double seconds = parsed.isSupported(NANO_OF_DAY) ? parsed.getLong(NANO_OF_DAY) / 1e9 : 0;
            int shift = parsed.isSupported(OFFSET_SECONDS) ? parsed.get(OFFSET_SECONDS) : 0;
            return (float) (date.toEpochDay() + (seconds - shift) / SECONDS_PER_DAY);
        } catch (DateTimeException e) {
            return Float.NaN;
        }
    }
}
