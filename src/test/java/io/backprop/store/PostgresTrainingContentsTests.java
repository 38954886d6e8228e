package io.backprop.store;

import javax.sql.DataSource;

class PostgresTrainingContentsTests extends TrainingContentsContract {

    @Override
    DataSource emptyDatabase() {
        return TestDatabases.postgres();
    }
}
