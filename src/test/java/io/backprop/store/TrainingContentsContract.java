package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TrainingData;
import io.backprop.model.Model;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.TrainingContents.Kind;
import io.backprop.training.LeasedTraining;
import io.backprop.training.Training;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What any database must do with the large things that belong to trainings. */
abstract class TrainingContentsContract {

    private static final int LARGE = 3 << 20; // two of them are not stored in one transaction

    private TestStore store;
    private Model model;

    /** A database with the schema and no models. */
    abstract DataSource emptyDatabase();

    @BeforeEach
    void open() {
        store = TestStore.of(emptyDatabase());
        model = StoredModels.created("m", 0);
        store.models().add(model);
    }

    private LeasedTraining leased() {
        Training training =
                store.trainings().add(StoredTrainings.of(model), null, 10).orElseThrow();
        return store.trainings().lease(training.id()).orElseThrow();
    }

    private NewContent halfStored() {
        NewContent content = store.contents().begin(Kind.CHECKPOINT);
        content.accept(new byte[LARGE]);
        content.accept(new byte[LARGE]);
        return content;
    }

    private void letExpire() {
        store.jdbc()
                .sql("update training_content set expires_at = 1 where training_id is null")
                .update();
    }

    @Test
    void smallWritesGetBetweenThePartsOfLargeData() {
        SplitMix64 random = new SplitMix64(1);
        float[] inputs = new float[12_000_000];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextFloat();
        }
        Examples examples = Examples.of(Matrix.wrap(1_000, 12_000, inputs), Matrix.wrap(1_000, 1, new float[1_000]));
        CompletableFuture<Boolean> adding = CompletableFuture.supplyAsync(() -> store.trainings()
                .add(StoredTrainings.of(model, TrainingData.of(examples)), null, 10)
                .isPresent());

        int created = 0;
        while (store.count("content_part") == 0 && !adding.isDone()) {
            Thread.onSpinWait();
        }
        while (!adding.isDone()) {
            store.models().add(StoredModels.created("small" + created++, 0));
        }

        assertThat(adding.join()).isTrue();
        assertThat(created).isGreaterThan(4);
        assertThat(store.count("content_part")).isGreaterThan(40);
    }

    @Test
    void contentIsNobodysUntilItIsWhole() {
        LeasedTraining leased = leased();

        try (NewContent content = halfStored()) {
            assertThat(store.count("content_part")).isEqualTo(2);
            assertThat(store.contents()
                            .parts(leased.training().id(), Kind.CHECKPOINT)
                            .apply(0))
                    .isEmpty();
            store.contents().removeExpired();
            assertThat(store.count("content_part")).isEqualTo(2);

            content.giveTo(leased.training().id());
        }

        store.contents().removeExpired();
        assertThat(store.contents()
                        .parts(leased.training().id(), Kind.CHECKPOINT)
                        .apply(1))
                .isPresent();
        assertThat(store.contents()
                        .parts(leased.training().id(), Kind.CHECKPOINT)
                        .apply(2))
                .isEmpty();
    }

    @Test
    void contentWhoseWriterGivesUpIsRemoved() {
        halfStored().close();

        store.contents().removeExpired();

        assertThat(store.count("training_content") + store.count("content_part"))
                .isZero();
    }

    @Test
    void contentWhoseWriterHasDiedIsRemovedInTime() {
        halfStored();
        letExpire();

        store.contents().removeExpired();

        assertThat(store.count("training_content") + store.count("content_part"))
                .isZero();
    }

    @Test
    void writerThatComesBackTooLateIsTold() {
        LeasedTraining leased = leased();
        NewContent content = halfStored();
        letExpire();
        store.contents().removeExpired();

        assertThatThrownBy(() -> content.giveTo(leased.training().id()))
                .isInstanceOf(StorageUnavailableException.class)
                .hasStackTraceContaining("within PT10M of each other");
    }

    @Test
    void whatTrainingsHaveNoMoreIsRemoved() {
        LeasedTraining leased = leased();
        store.trainings().checkpoint(leased.lease(), StoredTrainings.checkpoint(4, 10));
        store.trainings().checkpoint(leased.lease(), StoredTrainings.checkpoint(5, 10));
        store.contents().removeExpired();
        assertThat(store.count("training_content")).isEqualTo(2); // the data, the newer checkpoint

        store.models().remove("m");
        store.contents().removeExpired();
        assertThat(store.count("training_content") + store.count("content_part"))
                .isZero();
    }
}
