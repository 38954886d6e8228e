package io.backprop.store.sqlite;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Uses a SQLite database, which belongs to this process alone. */
@Configuration(proxyBeanMethods = false)
@Conditional(OnSqliteCondition.class)
class SqliteConfiguration {

    @Bean
    SqliteDataSource dataSource(SqliteProperties properties, @Value("${spring.datasource.url:}") String url) {
        Path file = url.isBlank()
                ? properties.file()
                : Path.of(url.substring(SqliteDataSource.URL_PREFIX.length()).replaceFirst("\\?.*", ""));
        return SqliteDataSource.open(file.toAbsolutePath().normalize());
    }

    /**
     * Replaces Spring Boot's indicator, which would wait for the writing connection. Damage is reported as the description
     * of the status, which is not hidden as details are.
     */
    @Bean
    HealthIndicator dbHealthIndicator(SqliteDataSource database) {
        HealthIndicator reading = new DataSourceHealthIndicator(database.readers());
        Status damaged = new Status(Status.DOWN.getCode(), "the database is damaged: restore a backup");
        return () -> database.damage() == null
                ? reading.health()
                : Health.status(damaged).build();
    }

    @Bean
    SqliteBackup sqliteBackup(SqliteDataSource database, SqliteProperties properties, Clock clock) {
        return new SqliteBackup(database, properties.backupFolder(), clock);
    }

    @Bean
    SqliteVacuum sqliteVacuum(JdbcTemplate jdbc, SqliteDataSource database) {
        return new SqliteVacuum(jdbc, database);
    }

    @Bean
    JdbcCustomization schedulerCustomization() {
        return new SqliteSchedulerCustomization();
    }
}
