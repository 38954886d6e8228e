package io.backprop.store.sqlite;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
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
