package io.backprop.tabular;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** What the numbers of a target mean. */
public enum TargetUnit {
    NUMBER,
    /** Days since 1970. */
    DATE,
    /** Days since 1970 and, as their fraction, the time of the day in UTC. */
    DATE_TIME;

    private static final double SECONDS_PER_DAY = 86_400;

    public boolean isDate() {
        return this != NUMBER;
    }

    /** The nearest date, or the nearest second, in ISO 8601; null if there is none. */
    public @Nullable String toIso8601(float days) {
        if (!Float.isFinite(days)) {
            return null;
        }
        try {
            if (this == DATE) {
                return LocalDate.ofEpochDay(Math.round((double) days)).toString();
            }
            long seconds = Math.round(days * SECONDS_PER_DAY);
            return DateTimeFormatter.ISO_INSTANT.format(LocalDateTime.of(LocalDate.EPOCH, LocalTime.MIN)
                    .plusSeconds(seconds)
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) { // beyond a billion years
            return null;
        }
    }
}
