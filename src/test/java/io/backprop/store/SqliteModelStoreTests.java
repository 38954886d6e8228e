package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.Await;
import io.backprop.TestFolders;
import io.backprop.model.StorageDamagedException;
import io.backprop.model.StorageFullException;
import io.backprop.store.sqlite.SqliteDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class SqliteModelStoreTests extends ModelStoreContract {

    private final Path file = TestFolders.create().resolve("backprop.db");

    @AutoClose
    @SuppressWarnings("NullAway.Init")
    private SqliteDataSource database;

    @Override
    DataSource emptyDatabase() {
        database = TestDatabases.sqlite(file);
        return database;
    }

    private JdbcClient jdbc() {
        return JdbcClient.create(database);
    }

    private Transactions transactions() {
        return new Transactions(new DataSourceTransactionManager(database), database);
    }

    @Test
    void commitsAreDurable() {
        assertThat(jdbc().sql("pragma synchronous").query(Integer.class).single())
                .isEqualTo(2);
        assertThat(jdbc().sql("pragma journal_mode").query(String.class).single())
                .isEqualTo("wal");
        assertThat(jdbc().sql("pragma foreign_keys").query(Integer.class).single())
                .isEqualTo(1);
        assertThat(jdbc().sql("pragma auto_vacuum").query(Integer.class).single())
                .isEqualTo(2);
    }

    @Test
    void readersDoNotWaitForAWriter() {
        transactions().write("model", () -> {
            jdbc().sql(
                            "insert into model (id, created_at, version, changes, document, checksum) values ('m', 1, 0, 0, '', 0)")
                    .update();
            CompletableFuture<List<String>> read = CompletableFuture.supplyAsync(() -> transactions()
                    .read(() -> jdbc().sql("select id from model")
                            .query(String.class)
                            .list()));
            assertThat(Await.result(read)).isEmpty();
            return 0;
        });
    }

    @Test
    void fullDatabaseRejectsWritesUntilThereIsRoom() {
        Transactions transactions = transactions();
        long pages = jdbc().sql("pragma page_count").query(Long.class).single();
        jdbc().sql("pragma max_page_count = " + pages).query().listOfRows();

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> transactions.write("model", () -> insertLarge()))
                    .isInstanceOf(StorageFullException.class)
                    .hasMessage("there is no room left to store the model");
            assertThat(transactions.read(() -> jdbc().sql("select count(*) from model")
                            .query(Long.class)
                            .single()))
                    .isZero();
        }

        jdbc().sql("pragma max_page_count = 1000000").query().listOfRows();
        assertThat(transactions.write("model", () -> insertLarge())).isEqualTo(1);
    }

    @Test
    void damageMetWhileReadingStopsWriting() {
        Transactions transactions = transactions();
        DatabaseDamagedException malformed = new DatabaseDamagedException("select", new SQLException("malformed"));

        assertThatThrownBy(() -> transactions.read(() -> {
                    throw malformed;
                }))
                .isInstanceOf(StorageDamagedException.class);

        assertThat(database.damage()).isEqualTo("malformed");
        assertThatThrownBy(() -> transactions.write("model", this::insertLarge))
                .isInstanceOf(StorageDamagedException.class);
        assertThatThrownBy(() -> transactions.writeFromReserve(this::insertLarge))
                .isInstanceOf(StorageDamagedException.class);
        assertThatThrownBy(this::insertLarge).hasMessageContaining("readonly");
        assertThat(transactions.read(() -> jdbc().sql("select count(*) from model")
                        .query(Long.class)
                        .single()))
                .isZero();
    }

    private int insertLarge() {
        jdbc().sql(
                        "insert into model (id, created_at, version, changes, document, checksum) values ('m', 1, 0, 0, '', 0)")
                .update();
        return jdbc().sql("insert into model_version values ('m', 0, hex(zeroblob(500000)), 0)")
                .update();
    }
}
