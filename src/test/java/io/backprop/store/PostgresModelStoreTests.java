package io.backprop.store;

import io.backprop.Postgres;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class PostgresModelStoreTests extends ModelStoreContract {

    @Override
    DataSource emptyDatabase() {
        DataSource database = new DriverManagerDataSource(Postgres.shared().newDatabase());
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/postgresql")
                .load()
                .migrate();
        return database;
    }
}
