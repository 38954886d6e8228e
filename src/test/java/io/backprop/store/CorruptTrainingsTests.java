package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestFolders;
import io.backprop.engine.StopReason;
import io.backprop.model.Model;
import io.backprop.store.format.Documents;
import io.backprop.store.sqlite.SqliteDataSource;
import io.backprop.training.CrossValidation;
import io.backprop.training.History;
import io.backprop.training.LeasedTraining;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.Training.State;
import io.backprop.training.TrainingOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings whose rows the disk has altered. */
class CorruptTrainingsTests {

    private static final String CHUNKS = "blob_chunk where blob_id = (select id from blob where kind = '%s')";

    private final SqliteDataSource database =
            TestDatabases.sqlite(TestFolders.create().resolve("backprop.db"));
    private final TestStore store = TestStore.of(database);
    private final Model model = StoredModels.created("m", 0);

    @BeforeEach
    void add() {
        store.models().add(model);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Training added() {
        PreparedTraining warned = StoredTrainings.crossValidation(model, 2, List.of("a warning", "another"));
        return store.trainings().add(warned, "", null, StoredTrainings.QUEUE).orElseThrow();
    }

    /** Leases a training in another process, which has nothing cached. */
    private boolean take(Training training) {
        return TestStore.of(database).trainings().lease(training.id()).isPresent();
    }

    private Training ended() {
        LeasedTraining leased = store.trainings().lease(added().id()).orElseThrow();
        CrossValidation.FoldResult fold = new CrossValidation.FoldResult(3, 7, 0.25, Map.of("r2", 0.5));
        TrainingOutcome end = new TrainingOutcome(
                StopReason.EPOCHS,
                5,
                Map.of("r2", 0.5),
                Map.of("r2", 0.25),
                List.of(fold, fold),
                3L,
                List.of("c"),
                null);
        assertThat(store.trainings().end(leased.lease(), end, StoredTrainings.history(5), Duration.ofMillis(40), null))
                .isTrue();
        return leased.training();
    }

    private byte[] stored(String column, String rows) {
        return store.jdbc()
                .sql("select cast(%s as blob) from %s".formatted(column, rows))
                .query((row, number) -> row.getBytes(1))
                .single();
    }

    private void corrupt(String column, String rows, byte[] bytes) {
        Object value = column.equals("bytes") ? bytes : new String(bytes, StandardCharsets.ISO_8859_1);
        String where = rows.contains(" where") ? rows.substring(rows.indexOf(" where")) : "";
        store.jdbc()
                .sql("update %s set %s = :value%s".formatted(rows.replace(where, ""), column, where))
                .param("value", value)
                .update();
    }

    private static byte[] flipped(byte[] bytes, int place) {
        byte[] flipped = bytes.clone();
        flipped[place] = (byte) (bytes[place] ^ (place % 2 == 0 ? 1 : 0x20));
        return flipped;
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "settings", "outcome", "warnings", "progress", "document"})
    void listsTrainingsWithAnyCorruptColumn(String column) {
        Training training = ended();
        byte[] whole = stored(column, "training");

        for (int i = 0; i < whole.length; i += 7) {
            corrupt(column, "training", flipped(whole, i));
            assertThat(store.trainings().list("m")).hasSize(1);
            assertThat(store.trainings().find(training.id())).isPresent();
        }
    }

    @Test
    void trainingWithCorruptStateFailsAndFreesItsModel() {
        Training training = added();
        corrupt("state", "training", "Rueued".getBytes(StandardCharsets.US_ASCII));

        assertThat(take(training)).isFalse();

        Training read = store.trainings().find(training.id()).orElseThrow();
        assertThat(read.state()).isEqualTo(State.FAILED);
        assertThat(read.outcome().error()).contains("cannot be read");
        assertThat(store.models().find("m").orElseThrow().training()).isFalse();
    }

    @Test
    void readsImpossibleTimeWorkedAsZero() {
        Training training = added();
        String progress = Documents.write(Training.Progress.of(History.EMPTY, Duration.ofDays(1)));
        String impossible = progress.replace("PT24H", "PT240000000H");
        assertThat(impossible).isNotEqualTo(progress);
        store.jdbc().sql("update training set progress = ?").param(impossible).update();

        assertThat(store.trainings().list("m")).hasSize(1);
        assertThat(store.trainings()
                        .lease(training.id())
                        .orElseThrow()
                        .training()
                        .progress()
                        .worked())
                .isZero();
    }

    @Test
    void trainingWithCorruptDataFailsAndFreesItsModel() {
        Training training = added();
        String rows = CHUNKS.formatted("DATA");
        corrupt("bytes", rows, flipped(stored("bytes", rows), 30));

        assertThat(take(training)).isFalse();

        Training read = store.trainings().find("m", 1).orElseThrow();
        assertThat(read.state()).isEqualTo(State.FAILED);
        assertThat(read.outcome().error()).contains("cannot be read");
        assertThat(store.models().find("m").orElseThrow().training()).isFalse();
    }

    @Test
    void ignoresCorruptCheckpointAndItsHistory() {
        Training training = added();
        LeasedTraining leased = store.trainings().lease(training.id()).orElseThrow();
        store.trainings().checkpoint(leased.lease(), StoredTrainings.checkpoint(5, 10));
        String rows = CHUNKS.formatted("CHECKPOINT");
        byte[] whole = stored("bytes", rows);

        for (int i = 0; i < whole.length; i += 5) {
            corrupt("bytes", rows, flipped(whole, i));
            assertThat(store.trainings().history(training.id())).isEqualTo(History.EMPTY);
            LeasedTraining again = store.trainings().lease(training.id()).orElseThrow();
            assertThat(again.checkpoint()).isNull();
            store.trainings().release(again.lease());
        }
    }

    @Test
    void ignoresCorruptHistory() {
        Training training = ended();
        String rows = CHUNKS.formatted("HISTORY");
        byte[] whole = stored("bytes", rows);

        for (int i = 0; i < whole.length; i++) {
            corrupt("bytes", rows, flipped(whole, i));
            assertThat(store.trainings().history(training.id())).isEqualTo(History.EMPTY);
        }
    }
}
