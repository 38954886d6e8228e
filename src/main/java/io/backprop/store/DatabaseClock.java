package io.backprop.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The clock of a PostgreSQL database, by which its replicas agree on the time whatever their own clocks say. It ticks
 * once a microsecond, which is what the database stores.
 */
final class DatabaseClock extends Clock {
    /*
     * A replica whose clock is ahead would otherwise take over running trainings, and its own would not be taken over for
     * as long (DatabaseClockTests, TakeoverTests). The database is asked once a second; in between, and while it is
     * unavailable, the time is continued by the monotonic clock of this process, which no one sets.
     */

    private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);
    private static final Duration SLOW = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private static final Duration SILENCE = Duration.ofSeconds(5); // a connection is awaited for 4 s

    private volatile Measurement last;
    private volatile long answered = System.nanoTime();

    private record Measurement(Instant time, long nanos, Duration took) {}

    DatabaseClock(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.last = ask(jdbc);
    }

    private static Measurement ask(JdbcClient jdbc) {
        long start = System.nanoTime();
        OffsetDateTime time =
                jdbc.sql("select clock_timestamp()").query(OffsetDateTime.class).single();
        long nanos = System.nanoTime() - start;
        return new Measurement(time.toInstant(), start + nanos / 2, Duration.ofNanos(nanos));
    }

    @Scheduled(fixedDelay = 1_000)
    void measure() {
        try {
            Measurement next = ask(jdbc);
            answered = System.nanoTime();
            if (next.took.compareTo(SLOW) < 0) { // otherwise it is unknown when the database answered
                last = next;
            }
        } catch (DataAccessException e) {
            log.debug("The database does not tell the time: {}", e.getMessage());
        }
    }

    /** Whether the database has told the time recently. Unlike a query, the question never waits for the database. */
    boolean isAnswered() {
        return System.nanoTime() - answered < SILENCE.toNanos();
    }

    @Override
    public Instant instant() {
        Measurement measured = last;
        return measured.time.plusNanos(System.nanoTime() - measured.nanos).truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the time zone is always UTC");
    }
}
