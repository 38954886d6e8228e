package io.backprop.store;

import java.nio.file.Path;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/** The database in a file of this service alone. */
@Configuration(proxyBeanMethods = false)
@Conditional(OnSqlite.class)
class SqliteConfiguration {

    @Bean
    SqliteDataSource dataSource(StoreProperties properties, Environment environment) {
        String url = environment.getProperty(OnSqlite.URL, "");
        Path file = url.isBlank()
                ? properties.file()
                : Path.of(url.substring(OnSqlite.PREFIX.length()).replaceFirst("\\?.*", ""));
        return SqliteDataSource.open(file.toAbsolutePath().normalize());
    }

    @Bean
    SqliteSpace sqliteSpace(JdbcTemplate jdbc) {
        return new SqliteSpace(jdbc);
    }
}
