package io.backprop.store;

import static io.backprop.store.StoredModels.created;
import static io.backprop.store.StoredModels.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.StopReason;
import io.backprop.model.Model;
import io.backprop.model.ModelStore;
import io.backprop.training.Checkpoint;
import io.backprop.training.Losses;
import io.backprop.training.PreparedTraining;
import io.backprop.training.QueueFullException;
import io.backprop.training.TakenTraining;
import io.backprop.training.Training;
import io.backprop.training.Training.State;
import io.backprop.training.TrainingEnd;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingProgress;
import io.backprop.training.TrainingStore;
import io.backprop.training.TrainingWish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What any database must do as a store of trainings. */
abstract class TrainingStoreContract {

    private static final String CONTENTS = "training_content where training_id is not null";

    private JdbcClient jdbc;
    private ModelStore models;
    private TrainingStore store;
    private Model model;

    /** A database with the schema and no models. */
    abstract DataSource emptyDatabase();

    @BeforeEach
    void open() {
        TestStore opened = TestStore.of(emptyDatabase());
        jdbc = opened.jdbc();
        models = opened.models();
        store = opened.trainings();
        Model untrained = created("m", 0);
        models.add(untrained);
        model = next(untrained);
        models.publish(untrained, model, 1);
    }

    TrainingStore store() {
        return store;
    }

    private Training added() {
        return store.add(StoredTrainings.of(model), null, 10).orElseThrow();
    }

    TakenTraining taken() {
        return store.take(added().id()).orElseThrow();
    }

    private int count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Integer.class).single();
    }

    private static TrainingEnd end(State state, @Nullable Map<String, @Nullable Double> metrics) {
        return new TrainingEnd(state, StopReason.EPOCHS, 5, metrics, null, null, Duration.ofMillis(40));
    }

    private boolean publish(TrainingLease lease) {
        TrainingEnd end = end(State.SUCCEEDED, Map.of("accuracy", 0.5));
        return store.publish(lease, end, StoredTrainings.history(2_001), model, next(model), 1);
    }

    @Test
    void addedTrainingWaitsAndItsModelIsInTraining() {
        Training training = added();

        assertThat(training.state()).isEqualTo(State.QUEUED);
        assertThat(training.number()).isEqualTo(1);
        assertThat(training.losses()).isEqualTo(Losses.NONE);
        assertThat(store.find("m", 1)).contains(training);
        assertThat(store.list("m")).containsExactly(training);
        assertThat(store.current("m")).isEqualTo(OptionalInt.of(1));
        assertThat(models.find("m").orElseThrow().training()).isTrue();
        assertThat(models.publish(model, next(model), 1)).isFalse();
        assertThat(store.add(StoredTrainings.of(model), null, 10)).isEmpty();
    }

    @Test
    void trainingThatFindsNoPlaceLeavesNoTrace() {
        models.add(created("n", 1));
        store.add(StoredTrainings.of(created("n", 1)), null, 1);

        assertThatThrownBy(() -> store.add(StoredTrainings.of(model), null, 1)).isInstanceOf(QueueFullException.class);

        assertThat(store.current("m")).isEmpty();
        assertThat(store.list("m")).isEmpty();
        assertThat(models.find("m").orElseThrow().training()).isFalse();
    }

    @Test
    void takenTrainingIsAsItWasPrepared() {
        PreparedTraining prepared = StoredTrainings.of(model);

        TakenTraining taken = taken();

        assertThat(taken.training().state()).isEqualTo(State.RUNNING);
        assertThat(taken.checkpoint()).isNull();
        assertThat(taken.prepared().architecture()).isEqualTo(prepared.architecture());
        assertThat(taken.prepared().plan()).isEqualTo(prepared.plan());
        assertThat(taken.prepared().timeLimit()).isEqualTo(prepared.timeLimit());
        assertThat(taken.prepared().epochsBefore()).isEqualTo(prepared.epochsBefore());
        StoredModels.assertSame(taken.prepared().model().withTraining(false), model);
        StoredTrainings.assertSame(taken.prepared().data(), prepared.data());
    }

    @Test
    void trainingGoesOnFromItsLastCheckpoint() {
        TakenTraining first = taken();
        Checkpoint checkpoint = StoredTrainings.checkpoint(7, 100);
        store.checkpoint(first.lease(), StoredTrainings.checkpoint(4, 100));
        store.checkpoint(first.lease(), checkpoint);
        store.note(first.lease(), new TrainingProgress(Losses.NONE, Duration.ofSeconds(9)));

        TakenTraining second = store.take(first.training().id()).orElseThrow();

        StoredTrainings.assertSame(second.checkpoint(), checkpoint);
        assertThat(second.worked()).isEqualTo(Duration.ofSeconds(9));
        assertThat(second.lease().epoch()).isGreaterThan(first.lease().epoch());
        assertThat(store.history(first.training().id()).epochs()).isEqualTo(7);
    }

    @Test
    void nothingIsWrittenUnderALeaseThatIsLost() {
        TakenTraining first = taken();
        TakenTraining second = store.take(first.training().id()).orElseThrow();

        assertThat(store.note(first.lease(), new TrainingProgress(Losses.NONE, Duration.ZERO)))
                .isFalse();
        assertThat(store.checkpoint(first.lease(), StoredTrainings.checkpoint(4, 10)))
                .isFalse();
        assertThat(store.end(first.lease(), end(State.FAILED, null), StoredTrainings.history(1)))
                .isFalse();
        assertThat(publish(first.lease())).isFalse();
        assertThat(publish(second.lease())).isTrue();
        assertThat(models.find("m").orElseThrow().version()).isEqualTo(model.version() + 1);
    }

    @Test
    void publicationEndsTheTrainingAndLeavesItsHistory() {
        TakenTraining taken = taken();
        store.checkpoint(taken.lease(), StoredTrainings.checkpoint(4, 10));

        assertThat(publish(taken.lease())).isTrue();

        StoredModels.assertSame(models.find("m").orElseThrow(), next(model));
        Training training = store.find("m", 1).orElseThrow();
        assertThat(training.state()).isEqualTo(State.SUCCEEDED);
        assertThat(training.version()).isEqualTo(model.version() + 1);
        assertThat(training.metrics()).isEqualTo(Map.of("accuracy", 0.5));
        assertThat(training.losses()).isEqualTo(StoredTrainings.history(2_001).thinned());
        assertThat(store.history(training.id()).all())
                .isEqualTo(StoredTrainings.history(2_001).all());
        assertThat(count(CONTENTS)).isEqualTo(1);
        assertThat(count("scheduled_tasks")).isZero();
        assertThat(store.take(training.id())).isEmpty();
    }

    @Test
    void whoeverCancelsFirstSaysWhetherToKeep() {
        TakenTraining taken = taken();
        List<String> ids = List.of(taken.training().id(), "none");
        assertThat(store.wishes(ids)).containsExactly(new TrainingWish(taken.lease(), false, false));

        store.cancel(taken.training().id(), true);
        store.cancel(taken.training().id(), false);

        assertThat(store.wishes(ids)).containsExactly(new TrainingWish(taken.lease(), true, true));
        store.end(taken.lease(), end(State.FAILED, null), StoredTrainings.history(0));
        store.cancel(taken.training().id(), true);
        assertThat(store.find("m", 1).orElseThrow().state()).isEqualTo(State.FAILED);
        assertThat(store.wishes(ids)).isEmpty();
    }

    @Test
    void cancelEndsATrainingThatWaits() {
        Training training = added();

        store.cancel(training.id(), true);

        assertThat(store.find("m", 1).orElseThrow().state()).isEqualTo(State.CANCELLED);
        assertThat(models.find("m").orElseThrow().training()).isFalse();
        assertThat(store.take(training.id())).isEmpty();
        assertThat(count(CONTENTS) + count("scheduled_tasks")).isZero();
    }

    @Test
    void removalOfTheModelTakesAll() {
        TakenTraining taken = taken();
        store.checkpoint(taken.lease(), StoredTrainings.checkpoint(4, 10));

        models.remove("m");

        assertThat(count("training") + count(CONTENTS) + count("scheduled_tasks"))
                .isZero();
        assertThat(publish(taken.lease())).isFalse();
    }

    @Test
    void crossValidationComesBack() {
        CrossValidations.assertComeBack(store, model);
    }

    @Test
    void trainingThatCantBeReadFails() {
        Training training = added();
        jdbc.sql("update training set document = replace(document, '77', '78')").update();
        assertThat(store.take(training.id())).isEmpty();
        assertThat(store.find("m", 1).orElseThrow().error()).contains("can't be read");
        assertThat(models.find("m").orElseThrow().training()).isFalse();
    }

    @Test
    void trainingWithADamagedCheckpointBeginsAnew() {
        TakenTraining taken = taken();
        store.checkpoint(taken.lease(), StoredTrainings.checkpoint(4, 10));
        jdbc.sql("""
                        update content_part set bytes = :bytes
                        where content_id = (select id from training_content where kind = 'checkpoint')""").param("bytes", new byte[50]).update();

        assertThat(store.take(taken.training().id()).orElseThrow().checkpoint()).isNull();
    }
}
