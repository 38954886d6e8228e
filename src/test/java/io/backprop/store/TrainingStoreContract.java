package io.backprop.store;

import static io.backprop.store.StoredModels.created;
import static io.backprop.store.StoredModels.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.Await;
import io.backprop.engine.Network;
import io.backprop.engine.StopReason;
import io.backprop.limits.LimitExceededException;
import io.backprop.model.Model;
import io.backprop.model.ModelStore;
import io.backprop.model.NewerModelException;
import io.backprop.model.PageCursor;
import io.backprop.store.format.Checksum;
import io.backprop.store.format.NewerFormatException;
import io.backprop.store.format.TrainingDataFormat;
import io.backprop.training.Checkpoint;
import io.backprop.training.CrossValidation;
import io.backprop.training.History;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.LeasedTraining;
import io.backprop.training.LiveModel;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.Training.State;
import io.backprop.training.TrainingException;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingPage;
import io.backprop.training.TrainingStore;
import io.backprop.training.TrainingStore.CancellationRequest;
import io.backprop.training.TrainingStore.QueueLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A store of trainings in any database. */
abstract class TrainingStoreContract {

    private static final String ATTACHED_BLOBS = "blob where training_id is not null";

    private DataSource database;
    private JdbcClient jdbc;
    private ModelStore models;
    private TrainingStore store;
    private TrainingStore otherReplica;
    private Model model;

    /** Returns a database with the schema and no models. */
    abstract DataSource emptyDatabase();

    @BeforeEach
    void open() {
        database = emptyDatabase();
        TestStore opened = TestStore.of(database);
        jdbc = opened.jdbc();
        models = opened.models();
        store = opened.trainings();
        otherReplica = TestStore.of(database).trainings();
        Model untrained = created("m", 0);
        models.add(untrained);
        model = next(untrained);
        models.publish(untrained, model, 1);
    }

    TrainingStore store() {
        return store;
    }

    private Training added() {
        return store.add(StoredTrainings.of(model), "", null, StoredTrainings.QUEUE)
                .orElseThrow();
    }

    /** Returns a training that another replica has leased, as it was stored. */
    LeasedTraining leased() {
        return otherReplica.lease(added().id()).orElseThrow();
    }

    private int count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Integer.class).single();
    }

    private static final TrainingOutcome FAILED = TrainingOutcome.failed(StopReason.ERROR, "for a test");

    private boolean end(TrainingLease lease, TrainingOutcome outcome) {
        return store.end(lease, outcome, StoredTrainings.history(15), Duration.ofMillis(40), null);
    }

    private boolean publish(TrainingLease lease) {
        Model next = next(model);
        TrainingOutcome outcome = new TrainingOutcome(
                StopReason.EPOCHS, 5, Map.of("accuracy", 0.5), null, List.of(), next.version(), List.of("c"), null);
        return store.end(
                lease,
                outcome,
                StoredTrainings.history(2_001),
                Duration.ofMillis(40),
                new TrainingStore.NextVersion(model, next, 1, next.changes()));
    }

    @Test
    void addedTrainingIsQueuedAndItsModelInTraining() {
        Training training = added();

        assertThat(training.state()).isEqualTo(State.QUEUED);
        assertThat(training.number()).isEqualTo(1);
        assertThat(training.progress()).isEqualTo(Training.Progress.NONE);
        assertThat(store.find("m", 1)).contains(training);
        assertThat(store.list("m")).containsExactly(training);
        assertThat(store.current("m")).isEqualTo(Optional.of(1));
        assertThat(models.find("m").orElseThrow().training()).isTrue();
        assertThat(models.publish(model, next(model), 1)).isFalse();
        assertThat(store.add(StoredTrainings.of(model), "", null, StoredTrainings.QUEUE))
                .isEmpty();
    }

    @Test
    void keepsOldTrainingsWhileTheirKeysAreYoungerThanADay() {
        Training first = addedAndCancelled("first");
        Training second = addedAndCancelled("second");
        addedAndCancelled(null);
        for (int i = 0; i < 18; i++) {
            addedAndCancelled(null);
        }
        assertThat(store.list("m")).extracting(Training::number).startsWith(21).endsWith(2);
        assertThat(store.findByKey("m", "", "first")).contains(first);
        addedAndCancelled(null);
        addedAndCancelled(null);

        assertThat(store.find("m", 3)).isEmpty();
        assertThat(store.findByKey("m", "", "first")).contains(first);
        assertThat(store.findByKey("m", "", "second")).contains(second);
        assertThat(store.countRecentKeys("m")).isEqualTo(2);
        age(first, Duration.ofDays(1));
        age(second, Duration.ofDays(1).minusMinutes(5));
        assertThat(store.countRecentKeys("m")).isEqualTo(1);
        addedAndCancelled(null);

        assertThat(store.findByKey("m", "", "first")).isEmpty();
        assertThat(store.findByKey("m", "", "second")).isPresent();
    }

    @Test
    void oldTrainingsKeepOnlyWhatARepeatReturns() {
        LeasedTraining leased = otherReplica
                .lease(store.add(
                                StoredTrainings.of(model),
                                "",
                                new IdempotencyKey("key", "digest"),
                                StoredTrainings.QUEUE)
                        .orElseThrow()
                        .id())
                .orElseThrow();
        end(leased.lease(), FAILED);
        Training ended = store.find("m", 1).orElseThrow();
        for (int i = 0; i < 20; i++) {
            addedAndCancelled(null);
        }

        assertThat(store.findByKey("m", "", "key")).contains(ended);
        assertThat(store.history(ended.id())).isEqualTo(History.EMPTY);
        assertThat(count("training where document = ''")).isEqualTo(1);
    }

    private Training addedAndCancelled(@Nullable String key) {
        Training training = store.add(
                        StoredTrainings.of(model),
                        "",
                        key == null ? null : new IdempotencyKey(key, "digest"),
                        StoredTrainings.QUEUE)
                .orElseThrow();
        store.cancel(training.id(), false);
        return store.find(training.id()).orElseThrow();
    }

    private void age(Training training, Duration age) {
        jdbc.sql("update training set queued_at = queued_at - ? where id = ?")
                .params(age.toNanos() / 1_000, training.id())
                .update();
    }

    @Test
    void trainingRejectedByFullQueueLeavesNoTrace() {
        models.add(created("n", 1));
        QueueLimits one = new QueueLimits(1, 1_000_000);
        store.add(StoredTrainings.of(created("n", 1)), "", null, one);

        assertThatThrownBy(() -> store.add(StoredTrainings.of(model), "", null, one))
                .isInstanceOf(TrainingException.class);

        assertThat(store.current("m")).isEmpty();
        assertThat(store.list("m")).isEmpty();
        assertThat(models.find("m").orElseThrow().training()).isFalse();
    }

    @Test
    void leasedTrainingEqualsPreparedOne() {
        PreparedTraining prepared = StoredTrainings.of(model);

        LeasedTraining leased = leased();

        assertThat(leased.training().state()).isEqualTo(State.RUNNING);
        assertThat(leased.checkpoint()).isNull();
        assertThat(leased.prepared().architecture()).isEqualTo(prepared.architecture());
        assertThat(leased.prepared().settings()).isEqualTo(prepared.settings());
        assertThat(leased.prepared().fresh()).isEqualTo(prepared.fresh());
        StoredModels.assertSame(leased.prepared().model().withTraining(false), model);
        StoredTrainings.assertSame(leased.prepared().data(), prepared.data());
    }

    @Test
    void leasesTheAddedObjectItselfInTheSameProcess() {
        PreparedTraining prepared = StoredTrainings.of(model);
        Training training = store.add(prepared, "", null, StoredTrainings.QUEUE).orElseThrow();

        assertThat(store.lease(training.id()).orElseThrow().prepared()).isSameAs(prepared);
    }

    @Test
    void resumesFromLastCheckpoint() {
        LeasedTraining first = leased();
        Checkpoint checkpoint = StoredTrainings.checkpoint(7, 100);
        store.checkpoint(first.lease(), StoredTrainings.checkpoint(4, 100));
        store.checkpoint(first.lease(), checkpoint);
        store.saveProgress(first.lease(), Training.Progress.of(History.EMPTY, Duration.ofSeconds(9)));

        LeasedTraining second = store.lease(first.training().id()).orElseThrow();

        StoredTrainings.assertSame(second.checkpoint(), checkpoint);
        assertThat(second.training().progress().worked()).isEqualTo(Duration.ofSeconds(9));
        assertThat(second.lease().token()).isGreaterThan(first.lease().token());
        assertThat(store.history(first.training().id()).loss()).hasSize(7);
    }

    @Test
    void anyReplicaReadsTheParametersThatATrainingHasReached() {
        AtomicLong bytes = new AtomicLong();
        Network initial = Objects.requireNonNull(model.ensemble()).networks().get(0);
        int parameters = initial.spec().parameterCount();

        LeasedTraining leased = leased();
        String id = leased.training().id();
        LiveModel start = store.live(id, model, bytes::addAndGet).orElseThrow();
        Checkpoint checkpoint = StoredTrainings.checkpoint(7, parameters);
        otherReplica.checkpoint(leased.lease(), StoredTrainings.checkpoint(4, parameters));
        otherReplica.checkpoint(leased.lease(), checkpoint);
        LiveModel reached = store.live(id, model, bytes::addAndGet).orElseThrow();

        assertThat(start.epoch()).isZero();
        assertThat(StoredModels.parameters(start.model())).isEqualTo(initial.parameters());
        assertThat(reached.epoch()).isEqualTo(7);
        assertThat(StoredModels.parameters(reached.model()))
                .isEqualTo(Network.of(initial.spec(), checkpoint.state().parameters())
                        .parameters());
        assertThat(reached.model().epochs()).isEqualTo(model.epochs() + 7);
        assertThat(bytes).hasValue(2L * parameters * Float.BYTES);
    }

    @Test
    void readsNoParametersOfATrainingThatIsOver() {
        LeasedTraining leased = leased();
        otherReplica.checkpoint(leased.lease(), StoredTrainings.checkpoint(4, 10));
        end(leased.lease(), FAILED);

        assertThat(store.live(leased.training().id(), model, bytes -> {})).isEmpty();
        assertThat(store.live("unknown", model, bytes -> {})).isEmpty();
    }

    @Test
    void rejectsWritesUnderSupersededLease() {
        LeasedTraining first = leased();
        LeasedTraining second = store.lease(first.training().id()).orElseThrow();

        assertThat(store.saveProgress(first.lease(), Training.Progress.of(History.EMPTY, Duration.ZERO)))
                .isFalse();
        assertThat(store.checkpoint(first.lease(), StoredTrainings.checkpoint(4, 10)))
                .isFalse();
        assertThat(end(first.lease(), FAILED)).isFalse();
        assertThat(publish(first.lease())).isFalse();
        assertThat(publish(second.lease())).isTrue();
        assertThat(models.find("m").orElseThrow().version()).isEqualTo(model.version() + 1);
    }

    @Test
    void publicationEndsTrainingAndKeepsItsHistory() {
        LeasedTraining leased = leased();
        store.checkpoint(leased.lease(), StoredTrainings.checkpoint(4, 10));

        assertThat(publish(leased.lease())).isTrue();

        StoredModels.assertSame(models.find("m").orElseThrow(), next(model));
        Training training = store.find("m", 1).orElseThrow();
        assertThat(training.state()).isEqualTo(State.SUCCEEDED);
        assertThat(training.outcome().version()).isEqualTo(model.version() + 1);
        assertThat(training.outcome().trainingMetrics()).isEqualTo(Map.of("accuracy", 0.5));
        assertThat(training.outcome().warnings()).containsExactly("c");
        assertThat(training.progress())
                .isEqualTo(Training.Progress.of(StoredTrainings.history(2_001), Duration.ofMillis(40)));
        assertThat(training.progress().epochs()).isEqualTo(2_001);
        assertThat(store.history(training.id())).isEqualTo(StoredTrainings.history(2_001));
        assertThat(count(ATTACHED_BLOBS)).isEqualTo(1);
        assertThat(count("scheduled_tasks")).isZero();
        assertThat(store.lease(training.id())).isEmpty();
    }

    @Test
    void firstCancellationDecidesWhetherToKeep() {
        LeasedTraining leased = leased();
        List<String> ids = List.of(leased.training().id(), "none");
        assertThat(store.cancellationRequests(ids))
                .containsExactly(new CancellationRequest(leased.lease(), false, false));

        store.cancel(leased.training().id(), true);
        store.cancel(leased.training().id(), false);

        assertThat(store.cancellationRequests(ids))
                .containsExactly(new CancellationRequest(leased.lease(), true, true));
        end(leased.lease(), FAILED);
        store.cancel(leased.training().id(), true);
        assertThat(store.find("m", 1).orElseThrow().state()).isEqualTo(State.FAILED);
        assertThat(store.cancellationRequests(ids)).isEmpty();
    }

    @Test
    void cancellationEndsQueuedTraining() {
        Training training = added();

        store.cancel(training.id(), true);

        assertThat(store.find("m", 1).orElseThrow().state()).isEqualTo(State.CANCELLED);
        assertThat(models.find("m").orElseThrow().training()).isFalse();
        assertThat(store.lease(training.id())).isEmpty();
        assertThat(count(ATTACHED_BLOBS) + count("scheduled_tasks")).isZero();
    }

    @Test
    void deletionOfModelDeletesItsTrainings() {
        LeasedTraining leased = leased();
        store.checkpoint(leased.lease(), StoredTrainings.checkpoint(4, 10));

        models.remove("m");

        assertThat(count("training") + count(ATTACHED_BLOBS) + count("scheduled_tasks"))
                .isZero();
        assertThat(publish(leased.lease())).isFalse();
    }

    @Test
    void idempotencyKeyIdentifiesOneTraining() {
        LeasedTraining running = leased();
        PreparedTraining prepared = running.prepared();
        end(running.lease(), FAILED);

        IdempotencyKey key = new IdempotencyKey("k", "digest");
        Training training = store.add(prepared, "", key, StoredTrainings.QUEUE).orElseThrow();
        assertThat(training.key()).isEqualTo(key);
        assertThat(store.findByKey(model.id(), "", "k")).contains(training);
        assertThat(store.findByKey(model.id(), "", "other")).isEmpty();

        store.cancel(training.id(), false);
        assertThat(store.add(prepared, "", key, StoredTrainings.QUEUE)).isEmpty();
        assertThat(store.add(prepared, "", null, StoredTrainings.QUEUE)).isPresent();
    }

    @Test
    void ownersMayUseTheSameIdempotencyKey() {
        IdempotencyKey key = new IdempotencyKey("k", "digest");
        Training first = store.add(StoredTrainings.of(model), "a", key, StoredTrainings.QUEUE)
                .orElseThrow();
        store.cancel(first.id(), false);

        Training second = store.add(StoredTrainings.of(model), "b", key, StoredTrainings.QUEUE)
                .orElseThrow();

        assertThat(store.findByKey("m", "a", "k")).map(Training::id).contains(first.id());
        assertThat(store.findByKey("m", "b", "k")).contains(second);
        assertThat(second.owner()).isEqualTo("b");
        assertThat(store.findByKey("m", "c", "k")).isEmpty();
    }

    @Test
    void limitsTheDataOfAllTrainings() {
        PreparedTraining prepared = StoredTrainings.of(model);
        long size = TrainingDataFormat.size(prepared.data());
        QueueLimits limits = new QueueLimits(10, 2 * size - 1);
        Model other = created("n", 1);
        models.add(other);
        assertThatThrownBy(() -> store.add(prepared, "", null, new QueueLimits(10, size - 1)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("(backprop.training.queue-data), but this one has " + size);

        Training first = store.add(prepared, "", null, limits).orElseThrow();
        jdbc.sql("update blob set bytes = ?").param(size).update(); // it was compressed
        assertThatThrownBy(() -> store.add(StoredTrainings.of(other), "", null, limits))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("at most %d bytes (backprop.training.queue-data)", limits.bytes());
        assertThat(store.list("n")).isEmpty();

        store.cancel(first.id(), false);
        Await.until(
                () -> { // each deletion has a time limit
                    TestStore.of(database).blobs().deleteExpired();
                    return jdbc.sql("select count(*) from blob where kind = 'DATA'")
                                    .query(Integer.class)
                                    .single()
                            == 0;
                });
        assertThat(store.add(StoredTrainings.of(other), "", null, limits)).isPresent();
    }

    @Test
    void queuedTrainingsHavePositions() {
        List<Training> queued = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Model other = StoredModels.created("queued" + i, i);
            models.add(other);
            queued.add(store.add(StoredTrainings.of(other), "", null, StoredTrainings.QUEUE)
                    .orElseThrow());
        }
        assertThat(queued).extracting(Training::queuePosition).containsExactly(1, 2, 3);

        otherReplica.lease(queued.get(0).id());

        assertThat(queued)
                .extracting(training -> store.find(training.id()).orElseThrow().queuePosition())
                .containsExactly(null, 1, 2);
    }

    @Test
    void pagesOfAllModelsContainEachTrainingOnce() {
        List<String> added = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Model other = StoredModels.created("listed" + i, i);
            models.add(other);
            added.add(
                    0,
                    store.add(StoredTrainings.of(other), "", null, StoredTrainings.QUEUE)
                            .orElseThrow()
                            .id());
        }
        otherReplica.lease(added.get(2));

        List<String> found = new ArrayList<>();
        PageCursor next = null;
        do {
            TrainingPage page = otherReplica.list(State.QUEUED, 3, next);
            page.trainings().forEach(training -> found.add(training.id()));
            next = page.next();
        } while (next != null);

        assertThat(found).containsExactly(added.get(0), added.get(1), added.get(3), added.get(4));
        assertThat(store.list(null, 10, null).trainings())
                .extracting(Training::id)
                .containsExactlyElementsOf(added);
        assertThat(store.list(State.RUNNING, 10, null).trainings())
                .extracting(Training::id)
                .containsExactly(added.get(2));
    }

    @Test
    void restoresSettings() {
        PreparedTraining prepared = StoredTrainings.of(model);

        Training training = store.add(prepared, "", null, StoredTrainings.QUEUE).orElseThrow();

        assertThat(training.settings()).isEqualTo(prepared.settings());
        assertThat(otherReplica.list("m")).extracting(Training::settings).containsExactly(prepared.settings());
    }

    @Test
    void restoresCrossValidation() {
        PreparedTraining prepared = StoredTrainings.crossValidation(model, 2, List.of("a", "b"));
        Training training = store.add(prepared, "", null, StoredTrainings.QUEUE).orElseThrow();
        assertThat(training.crossValidation()).isEqualTo(new CrossValidation(2, List.of()));
        assertThat(training.warnings()).containsExactly("a", "b");
        assertThat(training.epochs()).isEqualTo(2 * prepared.plan().epochs());
        LeasedTraining leased = store.lease(training.id()).orElseThrow();
        assertThat(leased.prepared().folds()).isEqualTo(2);

        CrossValidation validation = new CrossValidation(
                2,
                List.of(
                        new CrossValidation.FoldResult(3, 7, 0.25, Map.of("r2", 0.5)),
                        new CrossValidation.FoldResult(2, 8, 1e-300, Collections.singletonMap("r2", null))));
        end(
                leased.lease(),
                new TrainingOutcome(StopReason.EPOCHS, null, null, null, validation.results(), null, List.of(), null));

        assertThat(store.find(training.id()).orElseThrow().crossValidation()).isEqualTo(validation);
    }

    @Test
    void unreadableTrainingFails() {
        Training training = added();
        jdbc.sql("update training set document = replace(document, '77', '78')").update();
        assertThat(otherReplica.lease(training.id())).isEmpty();
        assertThat(store.find("m", 1).orElseThrow().outcome().error()).contains("cannot be read");
        assertThat(models.find("m").orElseThrow().training()).isFalse();
    }

    @Test
    void trainingWithCorruptCheckpointStartsAgain() {
        LeasedTraining leased = leased();
        store.checkpoint(leased.lease(), StoredTrainings.checkpoint(4, 10));
        jdbc.sql("""
            update blob_chunk set bytes = :bytes
            where blob_id = (select id from blob where kind = 'CHECKPOINT')\
            """).param("bytes", new byte[50]).update();

        assertThat(store.live(leased.training().id(), model, bytes -> {}))
                .hasValueSatisfying(live -> assertThat(live.epoch()).isZero());
        assertThat(store.lease(leased.training().id()).orElseThrow().checkpoint())
                .isNull();
    }

    /** Leases a training as a process would after the previous one was killed. */
    private Optional<LeasedTraining> leaseAgain(Training training) {
        return TestStore.of(database).trainings().lease(training.id());
    }

    @Test
    void trainingFailsAfterFiveAttemptsWithoutCheckpoint() {
        Training training = added();
        for (int attempt = 1; attempt <= 5; attempt++) {
            assertThat(leaseAgain(training).orElseThrow().attempts()).isEqualTo(attempt);
        }

        assertThat(leaseAgain(training)).isEmpty();

        Training failed = store.find("m", 1).orElseThrow();
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.outcome().error()).contains("5 attempts", "before the next checkpoint");
        assertThat(models.find("m").orElseThrow().training()).isFalse();
        assertThat(count("scheduled_tasks")).isZero();
    }

    @Test
    void checkpointsAndReleasesAllowMoreAttempts() {
        Training training = added();
        for (int attempt = 1; attempt <= 12; attempt++) {
            TrainingLease lease = leaseAgain(training).orElseThrow().lease();
            if (attempt % 4 == 0) {
                store.checkpoint(lease, StoredTrainings.checkpoint(attempt, 10));
            } else if (attempt % 2 == 0) {
                store.release(lease);
            }
        }

        assertThat(leaseAgain(training).orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    void trainingAttemptedInVainIsBehindOthers() {
        Training first = added();
        Model other = created("other", 1);
        models.add(other);
        Training second = store.add(StoredTrainings.of(other), "", null, StoredTrainings.QUEUE)
                .orElseThrow();

        leaseAgain(first);
        assertThat(queue()).containsExactly(first.id(), second.id());
        leaseAgain(first);
        assertThat(queue()).containsExactly(second.id(), first.id());
    }

    @Test
    void trainingsAttemptedTwiceInVainRunOneAtATime() {
        Training first = added();
        Model other = created("other", 1);
        models.add(other);
        Training second = store.add(StoredTrainings.of(other), "", null, StoredTrainings.QUEUE)
                .orElseThrow();
        jdbc.sql("update scheduled_tasks set picked = :picked")
                .param("picked", true)
                .update();
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(leaseAgain(first)).isPresent();
            assertThat(leaseAgain(second)).isPresent();
        }

        LeasedTraining alone = leaseAgain(first).orElseThrow();
        assertThatThrownBy(() -> leaseAgain(second)).isInstanceOf(TrainingQueue.PostponedException.class);
        store.checkpoint(alone.lease(), StoredTrainings.checkpoint(4, 10));

        assertThat(leaseAgain(second).orElseThrow().attempts()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void postponedTrainingCanBeCancelled(boolean picked) {
        Training first = added();
        Model other = created("other", 1);
        models.add(other);
        Training second = store.add(StoredTrainings.of(other), "", null, StoredTrainings.QUEUE)
                .orElseThrow();
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(leaseAgain(second)).isPresent();
        }
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(leaseAgain(first)).isPresent();
        }
        setPicked(first, true);
        assertThatThrownBy(() -> leaseAgain(second)).isInstanceOf(TrainingQueue.PostponedException.class);
        setPicked(second, picked);

        store.cancel(second.id(), false);

        assertThat(leaseAgain(second)).isEmpty();
        assertThat(store.find("other", 1).orElseThrow().state()).isEqualTo(State.CANCELLED);
        assertThat(models.find("other").orElseThrow().training()).isFalse();
        assertThat(queue()).containsExactly(first.id());
    }

    private void setPicked(Training training, boolean picked) {
        jdbc.sql("update scheduled_tasks set picked = :picked where task_instance = :id")
                .param("picked", picked)
                .param("id", training.id())
                .update();
    }

    private List<String> queue() {
        return jdbc.sql("select task_instance from scheduled_tasks order by priority desc, execution_time,"
                        + " task_instance")
                .query((row, number) -> row.getString(1))
                .list();
    }

    @Test
    void cancellationEndsTrainingThatWaitsForAnotherAttempt() {
        LeasedTraining leased = leased();
        store.checkpoint(leased.lease(), StoredTrainings.checkpoint(4, 10));
        store.release(leased.lease());

        store.cancel(leased.training().id(), false);

        assertThat(store.find("m", 1).orElseThrow().state()).isEqualTo(State.CANCELLED);
        assertThat(store.history(leased.training().id()).loss()).hasSize(4);
        assertThat(models.find("m").orElseThrow().training()).isFalse();
        assertThat(count("scheduled_tasks")).isZero();
    }

    @Test
    void trainingCancelledDuringAnAttemptEndsAtTheNext() {
        LeasedTraining leased = leased();
        jdbc.sql("update scheduled_tasks set picked = :picked")
                .param("picked", true)
                .update();
        store.cancel(leased.training().id(), false);
        assertThat(store.find("m", 1).orElseThrow().state()).isEqualTo(State.RUNNING);

        assertThat(leaseAgain(leased.training())).isEmpty();

        assertThat(store.find("m", 1).orElseThrow().state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void trainingWithNewerFormatIsLeftAlone() {
        Training training = added();
        for (String table : List.of("training", "model", "model_version")) {
            String document = jdbc.sql("select document from " + table)
                    .query(String.class)
                    .list()
                    .get(0);
            setDocument(table, document.replace("\"format\":1", "\"format\":2"));
            String before =
                    jdbc.sql("select * from training").query().listOfRows().toString();

            assertThatThrownBy(() -> leaseAgain(training)).isInstanceOf(NewerFormatException.class);

            assertThat(jdbc.sql("select * from training").query().listOfRows()).hasToString(before);
            setDocument(table, document);
        }
        assertThat(leaseAgain(training)).isPresent();
    }

    private void setDocument(String table, String document) {
        jdbc.sql("update %s set document = ?, checksum = ?".formatted(table))
                .params(document, Checksum.of(document))
                .update();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA", "PARAMETERS"})
    void trainingWithDataOfNewerFormatIsLeftAlone(String kind) {
        Training training = added();
        byte[] chunk = jdbc.sql("""
            select bytes from blob_chunk where blob_id = (select id from blob where kind = :kind)\
            """)
                .param("kind", kind)
                .query((row, number) -> row.getBytes("bytes"))
                .single();
        ByteBuffer bytes = ByteBuffer.wrap(chunk);
        bytes.putInt(8, 2); // the version
        CRC32C checksum = new CRC32C();
        checksum.update(chunk, 0, chunk.length - 4);
        bytes.putInt(chunk.length - 4, (int) checksum.getValue());
        jdbc.sql("update blob_chunk set bytes = :bytes where blob_id = (select id from blob where kind = :kind)")
                .param("bytes", chunk)
                .param("kind", kind)
                .update();

        for (int i = 0; i < 6; i++) {
            assertThatThrownBy(() -> leaseAgain(training))
                    .isInstanceOfAny(NewerFormatException.class, NewerModelException.class);
        }

        assertThat(store.find("m", 1).orElseThrow().isOver()).isFalse();
    }
}
