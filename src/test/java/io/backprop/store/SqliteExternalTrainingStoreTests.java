package io.backprop.store;

import io.backprop.TestFolders;
import io.backprop.store.sqlite.SqliteDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;

class SqliteExternalTrainingStoreTests extends ExternalTrainingStoreContract {

    @AutoClose
    private final SqliteDataSource database =
            TestDatabases.sqlite(TestFolders.create().resolve("backprop.db"));

    @Override
    DataSource emptyDatabase() {
        return database;
    }
}
