package io.backprop.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times in integer columns: microseconds since 1970. */
final class EpochMicros {

    private EpochMicros() {}

    /** Not {@code ChronoUnit.MICROS.between}, which overflows after the year 2262 on JDK 17. */
    static long of(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000), time.getNano() / 1_000);
    }

    static Instant toInstant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
