package io.backprop.store;

import javax.sql.DataSource;

class PostgresTrainingOrderTests extends TrainingOrderContract {

    @Override
    DataSource emptyDatabase() {
        return TestDatabases.postgres();
    }
}
