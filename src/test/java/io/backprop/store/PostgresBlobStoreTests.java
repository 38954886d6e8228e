package io.backprop.store;

import javax.sql.DataSource;

class PostgresBlobStoreTests extends BlobStoreContract {

    @Override
    DataSource emptyDatabase() {
        return TestDatabases.postgres();
    }
}
