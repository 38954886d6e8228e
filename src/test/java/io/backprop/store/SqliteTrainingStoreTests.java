package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import io.backprop.model.StorageFullException;
import io.backprop.store.sqlite.SqliteDataSource;
import io.backprop.training.LeasedTraining;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class SqliteTrainingStoreTests extends TrainingStoreContract {

    @AutoClose
    private final SqliteDataSource database =
            TestDatabases.sqlite(TestFolders.create().resolve("backprop.db"));

    @Override
    DataSource emptyDatabase() {
        return database;
    }

    @Test
    void failedCheckpointKeepsThePreviousOne() {
        LeasedTraining leased = leased();
        assertThat(store().checkpoint(leased.lease(), StoredTrainings.checkpoint(3, 10)))
                .isTrue();
        JdbcClient jdbc = JdbcClient.create(database);
        long pages = jdbc.sql("pragma page_count").query(Long.class).single();
        jdbc.sql("pragma max_page_count = " + pages).query().listOfRows();

        assertThatThrownBy(() -> store().checkpoint(leased.lease(), StoredTrainings.checkpoint(5, 1_000_000)))
                .isInstanceOf(StorageFullException.class);

        jdbc.sql("pragma max_page_count = 1000000").query().listOfRows();
        assertThat(store().lease(leased.training().id()))
                .get()
                .extracting(LeasedTraining::checkpoint)
                .isNotNull()
                .extracting(checkpoint -> checkpoint.history().loss().size())
                .isEqualTo(3);
    }
}
