package io.backprop.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times in columns of numbers: microseconds since 1970. */
final class Micros {

    private Micros() {}

    /** Reckoned by hand, since JDK 17 counts nanoseconds between two times first, and a long of those ends in 2262. */
    static long of(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000), time.getNano() / 1_000);
    }

    static Instant toInstant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
