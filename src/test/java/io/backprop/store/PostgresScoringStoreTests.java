package io.backprop.store;

import javax.sql.DataSource;

class PostgresScoringStoreTests extends ScoringStoreContract {

    @Override
    DataSource emptyDatabase() {
        return TestDatabases.postgres();
    }
}
