package io.backprop.store;

import io.backprop.TestFolders;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;

class SqliteTrainingContentsTests extends TrainingContentsContract {

    private final SqliteDataSource database =
            TestDatabases.sqlite(TestFolders.create().resolve("backprop.db"));

    @Override
    DataSource emptyDatabase() {
        return database;
    }

    @AfterEach
    void close() {
        database.close();
    }
}
