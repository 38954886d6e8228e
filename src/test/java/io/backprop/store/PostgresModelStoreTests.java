package io.backprop.store;

import javax.sql.DataSource;

class PostgresModelStoreTests extends ModelStoreContract {

    @Override
    DataSource emptyDatabase() {
        return TestDatabases.postgres();
    }
}
