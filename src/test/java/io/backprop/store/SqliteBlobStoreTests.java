package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.SmallDisk;
import io.backprop.TestFolders;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TrainingState;
import io.backprop.engine.Vector;
import io.backprop.model.Model;
import io.backprop.model.StorageFullException;
import io.backprop.store.sqlite.SqliteDataSource;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import io.backprop.training.LeasedTraining;
import io.backprop.training.Training;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SqliteBlobStoreTests extends BlobStoreContract {

    @AutoClose
    private final SqliteDataSource database =
            TestDatabases.sqlite(TestFolders.create().resolve("backprop.db"));

    @Override
    DataSource emptyDatabase() {
        return database;
    }

    @Test
    void deletesBlobsOfPreviousProcess() {
        TestStore previous = TestStore.of(database);
        BlobStore.BlobWriter blob = previous.blobs().create(BlobStore.Kind.PARAMETERS);
        blob.accept(new byte[3 << 20]);
        blob.accept(new byte[3 << 20]);
        previous.blobs().deleteExpired();
        assertThat(previous.count("blob_chunk")).isEqualTo(1);

        TestStore store = TestStore.of(database);
        store.blobs().afterSingletonsInstantiated();
        store.blobs().deleteExpired();

        assertThat(store.count("blob")).isZero();
        assertThat(store.count("blob_chunk")).isZero();
    }

    @Test
    void checkpointThatDoesNotFitLeavesRoomForOtherData() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(64);
                SqliteDataSource small = TestDatabases.sqlite(disk.folder().resolve("backprop.db"))) {
            TestStore store = TestStore.of(small);
            Model model = StoredModels.created("m", 0);
            store.models().add(model);
            Training training = store.trainings()
                    .add(StoredTrainings.of(model), "", null, StoredTrainings.QUEUE)
                    .orElseThrow();
            LeasedTraining leased = store.trainings().lease(training.id()).orElseThrow();
            Checkpoint large = large();

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> store.trainings().checkpoint(leased.lease(), large))
                        .isInstanceOf(StorageFullException.class);
                store.blobs().deleteExpired();
                assertThat(store.models().add(StoredModels.created("n" + i, 0))).isTrue();
                assertThat(store.trainings().checkpoint(leased.lease(), StoredTrainings.checkpoint(1, 70_000)))
                        .isTrue();
            }
        }
    }

    /** Returns a checkpoint that cannot be compressed. */
    private static Checkpoint large() {
        SplitMix64 random = new SplitMix64(1);
        float[] values = new float[20_000_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        TrainingState state = new TrainingState(
                new TrainingState.Progress(0, 1, 0.5, 0, 1, LearningRateSchedule.Plateau.START),
                Vector.wrap(values),
                Vector.of(),
                Vector.of());
        return new Checkpoint(List.of(), state, History.EMPTY);
    }
}
