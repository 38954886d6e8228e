package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Postgres;
import io.backprop.TestFolders;
import io.backprop.store.TrainingContents.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Stores that earlier versions of the service have left. */
class OldStoreTests {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @Test
    void trainingsOfAnOldFileHaveWhatTheyHad() throws Exception {
        try (SqliteDataSource database =
                SqliteDataSource.open(TestFolders.create().resolve("backprop.db"))) {
            assertTrainingsHaveWhatTheyHad(database, "sqlite");
        }
    }

    @Test
    void trainingsOfAnOldPostgresDatabaseHaveWhatTheyHad() throws Exception {
        assertTrainingsHaveWhatTheyHad(
                new DriverManagerDataSource(Postgres.shared().newDatabase()), "postgresql");
    }

    private static void assertTrainingsHaveWhatTheyHad(DataSource database, String vendor) throws Exception {
        TestDatabases.migrate(database, vendor, "2");
        JdbcClient jdbc = JdbcClient.create(database);
        jdbc.sql("insert into model (id, created_at, version) values ('m', 1, 0)")
                .update();
        jdbc.sql("""
                        insert into training (id, model_id, number, state, document, checksum, epochs, examples, queued_at)
                        values ('t', 'm', 1, 'running', '', 0, 7, 5, 1)""").update();
        byte[] data = Files.readAllBytes(GOLDEN.resolve("examples-2.bin"));
        insert(jdbc, "data", 0, data);
        insert(jdbc, "data", 1, new byte[] {1});
        insert(jdbc, "checkpoint", 0, Files.readAllBytes(GOLDEN.resolve("checkpoint-2.bin")));

        TestDatabases.migrate(database, vendor, "latest");

        TestStore store = TestStore.of(database);
        store.contents().removeExpired();
        assertThat(store.contents().parts("t", Kind.DATA).apply(0)).contains(data);
        assertThat(store.contents().parts("t", Kind.DATA).apply(1)).contains(new byte[] {1});
        assertThat(store.contents().parts("t", Kind.DATA).apply(2)).isEqualTo(Optional.empty());
        assertThat(store.trainings().history("t").all())
                .isEqualTo(StoredTrainings.history(3).all());
    }

    private static void insert(JdbcClient jdbc, String kind, int place, byte[] bytes) {
        jdbc.sql("insert into training_part (training_id, kind, place, bytes) values ('t', :kind, :place, :bytes)")
                .param("kind", kind)
                .param("place", place)
                .param("bytes", bytes)
                .update();
    }
}
