package io.backprop.store;

import io.backprop.store.sqlite.SqliteDataSource;
import java.io.File;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.health.application.DiskSpaceHealthIndicator;
import org.springframework.boot.health.autoconfigure.application.DiskSpaceHealthIndicatorProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health of the store, in place of Spring Boot's indicators of the same names. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

    /**
     * Asks SQLite by a connection that does not wait for writers. PostgreSQL is asked every second anyway; another query
     * would wait as long as the database hangs. Damage is reported as the description of the status, which is not hidden as
     * details are.
     */
    @Bean
    HealthIndicator dbHealthIndicator(DataSource database, Clock clock) {
        if (database instanceof SqliteDataSource file) {
            HealthIndicator reading = new DataSourceHealthIndicator(file.readers());
            Status damaged = new Status(Status.DOWN.getCode(), "the database is damaged: restore a backup");
            return () -> file.damage() == null
                    ? reading.health()
                    : Health.status(damaged).build();
        }
        return clock instanceof DatabaseClock shared
                ? () -> (shared.isAnswered() ? Health.up() : Health.down()).build()
                : new DataSourceHealthIndicator(database);
    }

    /** Watches the disk of the database rather than that of the working folder. */
    @Bean
    HealthIndicator diskSpaceHealthIndicator(DataSource database, DiskSpaceHealthIndicatorProperties properties) {
        File folder = database instanceof SqliteDataSource file ? file.folder().toFile() : properties.getPath();
        return new DiskSpaceHealthIndicator(folder, properties.getThreshold());
    }
}
