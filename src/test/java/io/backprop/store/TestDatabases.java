package io.backprop.store;

import io.backprop.Postgres;
import io.backprop.store.sqlite.SqliteDataSource;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Databases with the schema and no data. */
final class TestDatabases {

    private TestDatabases() {}

    static SqliteDataSource sqlite(Path file) {
        SqliteDataSource database = SqliteDataSource.open(file);
        migrate(database, "sqlite");
        return database;
    }

    static DataSource postgres() {
        Postgres server = Postgres.shared(); // skips the test before the initializer runs
        return new DriverManagerDataSource(server.copy(Migrated.URL));
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
