package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.Postgres;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A replica whose clock differs from that of the database. */
class DatabaseClockTests {

    private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(
            Postgres.shared().newDatabase() + "&options=-c%20search_path=skewed,pg_catalog"));

    /** Sets the clock of the database that many seconds ahead of the one of this process. */
    private void skew(int seconds) {
        jdbc.sql("create schema if not exists skewed").update();
        jdbc.sql("""
                        create or replace function skewed.clock_timestamp() returns timestamptz language sql as
                        'select pg_catalog.clock_timestamp() + interval ''%d s'''""".formatted(seconds)).update();
    }

    @Test
    void tellsTheTimeOfTheDatabase() {
        skew(3_600);
        DatabaseClock clock = new DatabaseClock(jdbc);
        assertThat(clock.instant()).isCloseTo(Instant.now().plusSeconds(3_600), within(30, ChronoUnit.SECONDS));

        skew(-3_600);
        clock.measure();
        assertThat(clock.instant()).isCloseTo(Instant.now().minusSeconds(3_600), within(30, ChronoUnit.SECONDS));

        jdbc.sql("drop function skewed.clock_timestamp").update();
        jdbc.sql("create function skewed.clock_timestamp() returns text language sql as 'select ''never'''")
                .update();
        clock.measure();
        assertThat(clock.instant()).isCloseTo(Instant.now().minusSeconds(3_600), within(30, ChronoUnit.SECONDS));
    }
}
