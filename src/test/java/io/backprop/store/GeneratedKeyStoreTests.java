package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestFolders;
import io.backprop.security.GeneratedKeyStore;
import io.backprop.store.sqlite.SqliteDataSource;
import io.backprop.store.sqlite.SqliteProperties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class GeneratedKeyStoreTests {

    private static final int REPLICAS = 4;
    private static final int ROUNDS = 10;

    private final Path folder = TestFolders.create();

    private GeneratedKeyStore store(DataSource database) {
        Transactions transactions = new Transactions(new DataSourceTransactionManager(database), database);
        return new JdbcGeneratedKeyStore(
                JdbcClient.create(database), transactions, database, new SqliteProperties(folder, Path.of("backups")));
    }

    @Test
    void keepsNoKeyInSqlite() {
        Path other = TestFolders.create();
        try (SqliteDataSource database = TestDatabases.sqlite(other.resolve("backprop.db"))) {
            GeneratedKeyStore store = store(database);

            assertThat(store.putIfAbsent("first")).isEqualTo("first");
            assertThat(store.putIfAbsent("second")).isEqualTo("second");
            assertThat(store.folder()).isEqualTo(other);
        }
    }

    @Test
    void replicasThatStartAtOnceAgreeInPostgres() throws Exception {
        DataSource database = TestDatabases.postgres();
        ExecutorService threads = Executors.newFixedThreadPool(REPLICAS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                JdbcClient.create(database).sql("delete from generated_key").update();
                CyclicBarrier start = new CyclicBarrier(REPLICAS);
                List<Future<String>> secrets = new ArrayList<>();
                for (int i = 0; i < REPLICAS; i++) {
                    GeneratedKeyStore store = store(database);
                    String secret = "secret of " + i;
                    assertThat(store.folder()).isEqualTo(folder);
                    secrets.add(threads.submit(() -> {
                        start.await();
                        return store.putIfAbsent(secret);
                    }));
                }
                String agreed = secrets.get(0).get();
                for (Future<String> secret : secrets) {
                    assertThat(secret.get()).isEqualTo(agreed);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
