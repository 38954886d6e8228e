package io.backprop.store;

import io.backprop.store.sqlite.SqliteDataSource;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The clock of everything that is stored: the database's if other processes share it. */
@Configuration(proxyBeanMethods = false)
class ClockConfiguration {

    /** Ticks once a microsecond, which is what databases store. */
    @Bean
    Clock clock(DataSource database, JdbcClient jdbc) {
        return database instanceof SqliteDataSource
                ? Clock.tick(Clock.systemUTC(), Duration.of(1, ChronoUnit.MICROS))
                : new DatabaseClock(jdbc);
    }
}
