package io.backprop.store;

import javax.sql.DataSource;

class PostgresTrainingStoreTests extends TrainingStoreContract {

    @Override
    DataSource emptyDatabase() {
        return TestDatabases.postgres();
    }
}
