package io.backprop.store;

import javax.sql.DataSource;

class PostgresPartStoreTests extends PartStoreContract {

    @Override
    DataSource emptyDatabase() {
        return TestDatabases.postgres();
    }
}
