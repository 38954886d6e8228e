package io.backprop.store;

import com.zaxxer.hikari.HikariDataSource;
import io.backprop.Postgres;
import io.backprop.store.sqlite.SqliteDataSource;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Databases with the schema and no data. */
final class TestDatabases {

    private static final int CONNECTIONS = 20; // more than a test has threads

    private static final AtomicReference<@Nullable HikariDataSource> LATEST = new AtomicReference<>();

    private TestDatabases() {}

    static SqliteDataSource sqlite(Path file) {
        SqliteDataSource database = SqliteDataSource.open(file);
        migrate(database, "sqlite");
        return database;
    }

    /** Returns a new database with a pool of connections, and closes that of the database before. */
    static DataSource postgres() {
        Postgres server = Postgres.shared(); // skips the test before the initializer runs
        HikariDataSource database = new HikariDataSource();
        database.setJdbcUrl(server.copy(Migrated.URL));
        database.setMaximumPoolSize(CONNECTIONS);
        database.setMinimumIdle(1);
        HikariDataSource previous = LATEST.getAndSet(database);
        if (previous != null) {
            previous.close();
        }
        return database;
    }

    /** A database that is copied, because that takes less time than a migration. */
    private static final class Migrated {

        static final String URL = Postgres.shared().newDatabase();

        static {
            migrate(new DriverManagerDataSource(URL), "postgresql");
        }
    }

    private static void migrate(DataSource database, String vendor) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/" + vendor)
                .load()
                .migrate();
    }
}
