package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TrainingData;
import io.backprop.model.Model;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.BlobStore.BlobWriter;
import io.backprop.store.BlobStore.Kind;
import io.backprop.training.LeasedTraining;
import io.backprop.training.Training;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Large payloads of trainings, in any database. */
abstract class BlobStoreContract {

    private static final int LARGE = 3 << 20; // two chunks of this size need two transactions

    private DataSource database;
    private TestStore store;
    private Model model;

    /** Returns a database with the schema and no models. */
    abstract DataSource emptyDatabase();

    @BeforeEach
    void open() {
        database = emptyDatabase();
        store = TestStore.of(database);
        model = StoredModels.created("m", 0);
        store.models().add(model);
    }

    private LeasedTraining leased() {
        Training training = store.trainings()
                .add(StoredTrainings.of(model), "", null, StoredTrainings.QUEUE)
                .orElseThrow();
        return store.trainings().lease(training.id()).orElseThrow();
    }

    private BlobWriter halfStored() {
        BlobWriter blob = store.blobs().create(Kind.CHECKPOINT);
        blob.accept(new byte[LARGE]);
        blob.accept(new byte[LARGE]);
        return blob;
    }

    /** Deletes expired blobs until so many are left. One call may not be enough. */
    private void deleteExpired(int left) {
        for (int i = 0; i < 100 && store.count("blob") > left; i++) {
            store.blobs().deleteExpired();
        }
        assertThat(store.count("blob")).isEqualTo(left);
    }

    private void letExpire() {
        store.jdbc()
                .sql("update blob set expires_at = 1 where training_id is null")
                .update();
    }

    @Test
    void smallWritesInterleaveWithLargeOnes() {
        SplitMix64 random = new SplitMix64(1);
        float[] inputs = new float[12_000_000];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextFloat();
        }
        Examples examples = Examples.of(Matrix.wrap(1_000, 12_000, inputs), Matrix.wrap(1_000, 1, new float[1_000]));
        CompletableFuture<Boolean> adding = CompletableFuture.supplyAsync(() -> store.trainings()
                .add(StoredTrainings.of(model, TrainingData.of(examples)), "", null, StoredTrainings.QUEUE)
                .isPresent());

        int created = 0;
        while (store.count("blob_chunk") == 0 && !adding.isDone()) {
            Thread.onSpinWait();
        }
        while (!adding.isDone()) {
            store.models().add(StoredModels.created("small" + created++, 0));
        }

        assertThat(adding.join()).isTrue();
        assertThat(created).isGreaterThan(4);
        assertThat(store.count("blob_chunk")).isGreaterThan(40);
    }

    @Test
    void noTransactionWritesOrDeletesMuch() {
        ChunkCounter counter = new ChunkCounter(database);
        TestStore store = TestStore.of(counter);
        Model model = StoredModels.created("large", 0, 1_000, 1_600);
        store.models().add(model);
        for (int version = 1; version <= 2; version++) {
            Model next = StoredModels.next(model);
            assertThat(store.models().publish(model, next, 1)).isTrue();
            model = next;
        }
        StoredModels.assertSame(store.models().find("large").orElseThrow(), model);
        long stored = store.bytes();
        assertThat(stored).isGreaterThan(12_000_000);

        assertThat(store.models().remove("large")).isTrue();
        assertThat(store.models().find("large")).isEmpty();
        assertThat(store.models().add(StoredModels.created("large", 0))).isTrue();
        assertThat(store.bytes()).isEqualTo(stored);
        while (store.count("blob") > 0) {
            store.blobs().deleteExpired();
        }

        assertThat(store.bytes()).isZero();
        assertThat(counter.most).isBetween(1L << 20, (4L << 20) + 1_000);
    }

    /** Finds out by how many bytes of chunks a transaction changes the database at most. */
    private static final class ChunkCounter extends DelegatingDataSource {

        private long bytes;
        private long most;

        ChunkCounter(DataSource database) {
            super(database);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            InvocationHandler handler = (proxy, method, arguments) -> {
                if (method.getName().equals("commit") && !connection.isReadOnly()) {
                    count(connection);
                }
                try {
                    return method.invoke(connection, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            };
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
        }

        private void count(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet sum = statement.executeQuery("select coalesce(sum(length(bytes)), 0) from blob_chunk")) {
                sum.next();
                long now = sum.getLong(1);
                most = Math.max(most, Math.abs(now - bytes));
                bytes = now;
            }
        }
    }

    @Test
    void findsModelWhileItsVersionsAreRemoved() {
        Model first = StoredModels.next(model);
        assertThat(store.models().publish(model, first, 1)).isTrue();
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            Model current = first;
            for (int i = 0; i < 6; i++) {
                Model next = StoredModels.next(current);
                assertThat(store.models().publish(current, next, next.version()))
                        .isTrue();
                store.blobs().deleteExpired();
                current = next;
            }
        });

        while (!publishing.isDone()) {
            assertThat(store.models().find("m")).isPresent();
        }
        publishing.join();
    }

    @Test
    void doesNotAttachIncompleteBlob() {
        LeasedTraining leased = leased();

        try (BlobWriter blob = halfStored()) {
            assertThat(store.count("blob_chunk")).isEqualTo(2);
            assertThat(store.blobs().find(leased.training().id(), Kind.CHECKPOINT))
                    .isEmpty();
            store.blobs().deleteExpired();
            assertThat(store.count("blob_chunk")).isEqualTo(2);

            blob.attachTo(leased.training().id());
        }

        store.blobs().deleteExpired();
        assertThat(store.blobs()
                        .find(leased.training().id(), Kind.CHECKPOINT)
                        .orElseThrow()
                        .chunk(1))
                .isPresent();
        assertThat(store.blobs()
                        .find(leased.training().id(), Kind.CHECKPOINT)
                        .orElseThrow()
                        .chunk(2))
                .isEmpty();
    }

    @Test
    void deletesBlobWhoseWriterWasClosed() {
        halfStored().close();

        deleteExpired(0);
        assertThat(store.count("blob_chunk")).isZero();
    }

    @Test
    void deletesExpiredBlobWhoseWriterDied() {
        halfStored();
        letExpire();

        deleteExpired(0);
        assertThat(store.count("blob_chunk")).isZero();
    }

    @Test
    void rejectsWriterWhoseBlobHasExpired() {
        LeasedTraining leased = leased();
        BlobWriter blob = halfStored();
        letExpire();
        deleteExpired(1); // the data remain

        assertThatThrownBy(() -> blob.attachTo(leased.training().id()))
                .isInstanceOf(StorageUnavailableException.class)
                .hasStackTraceContaining("within PT10M of each other");
    }

    @Test
    void deletesReplacedBlobsAndThoseOfDeletedTrainings() {
        LeasedTraining leased = leased();
        store.trainings().checkpoint(leased.lease(), StoredTrainings.checkpoint(4, 10));
        store.trainings().checkpoint(leased.lease(), StoredTrainings.checkpoint(5, 10));
        deleteExpired(2); // the data and the newer checkpoint remain

        store.models().remove("m");
        deleteExpired(0);
        assertThat(store.count("blob_chunk")).isZero();
    }
}
