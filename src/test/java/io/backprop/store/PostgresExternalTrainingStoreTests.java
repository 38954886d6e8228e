package io.backprop.store;

import javax.sql.DataSource;

class PostgresExternalTrainingStoreTests extends ExternalTrainingStoreContract {

    @Override
    DataSource emptyDatabase() {
        return TestDatabases.postgres();
    }
}
