package io.backprop.store;

import static io.backprop.store.StoredModels.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.StopReason;
import io.backprop.model.Model;
import io.backprop.model.ModelStore;
import io.backprop.store.format.Checksum;
import io.backprop.store.format.NewerFormatException;
import io.backprop.training.History;
import io.backprop.training.LeasedTraining;
import io.backprop.training.PartResult;
import io.backprop.training.PartStore;
import io.backprop.training.PartedTraining.Assignment;
import io.backprop.training.PartedTraining.End;
import io.backprop.training.PartedTraining.Next;
import io.backprop.training.PartedTraining.Parts;
import io.backprop.training.PartedTraining.Train;
import io.backprop.training.Training;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingPart;
import io.backprop.training.TrainingStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A store of the parts of trainings in any database. */
abstract class PartStoreContract {

    private static final int FOLDS = 4; // may be queued or running at once
    private static final Next STAY = new Parts(List.of());

    private JdbcClient jdbc;
    private ModelStore models;
    private TrainingStore trainings;
    private PartStore store;
    private PartStore otherReplica;

    /** Returns a database with the schema and no models. */
    abstract DataSource emptyDatabase();

    @BeforeEach
    void open() {
        DataSource database = emptyDatabase();
        TestStore opened = TestStore.of(database);
        jdbc = opened.jdbc();
        models = opened.models();
        trainings = opened.trainings();
        store = opened.parts();
        otherReplica = TestStore.of(database).parts();
    }

    /** Queues a training with parts. */
    private Training added(String id, int parts) {
        return added(id, parts, "");
    }

    private Training added(String id, int parts, String owner) {
        Model model = created(id, 0);
        models.add(model);
        return trainings
                .add(
                        StoredTrainings.crossValidation(model, FOLDS, List.of()),
                        owner,
                        null,
                        stage(0, parts),
                        StoredTrainings.QUEUE)
                .orElseThrow();
    }

    private static Parts stage(int stage, int parts) {
        return new Parts(IntStream.range(0, parts)
                .mapToObj(number -> new Assignment(number, stage, 10 * (stage + 1)))
                .toList());
    }

    private static PartResult result(double loss) {
        return new PartResult(7, 5, StopReason.EPOCHS, 0.5, 3, loss, 1.5, Map.of("accuracy", 0.25), null);
    }

    private LeasedTraining lease(Training training, int part) {
        return otherReplica.lease(training.id() + "/" + part).orElseThrow();
    }

    private static Optional<Next> complete(
            PartStore at, TrainingLease lease, double loss, Function<List<TrainingPart>, Next> next) {
        return at.complete(lease, result(loss), null, StoredTrainings.history(7), Duration.ofMillis(40), next);
    }

    private List<TrainingPart.State> states(Training training) {
        return store.list(training.id()).stream().map(TrainingPart::state).toList();
    }

    private List<@Nullable String> queue() {
        return jdbc.sql("select task_instance from scheduled_parts order by priority desc, execution_time,"
                        + " task_instance")
                .query(String.class)
                .list();
    }

    private Training find(Training training) {
        return trainings.find(training.id()).orElseThrow();
    }

    @Test
    void queuesAsManyPartsAsMayRunAtOnce() {
        Training training = added("m", 6);

        assertThat(states(training)).hasSize(FOLDS).containsOnly(TrainingPart.State.QUEUED);
        assertThat(find(training).state()).isEqualTo(Training.State.QUEUED);
        assertThat(jdbc.sql("select count(*) from scheduled_tasks")
                        .query(Integer.class)
                        .single())
                .isZero();

        LeasedTraining first = lease(training, 0);
        assertThat(find(training).state()).isEqualTo(Training.State.RUNNING);
        assertThat(first.part()).isEqualTo(new Assignment(0, 0, 10));
        StoredTrainings.assertSame(first.prepared().data(), StoredTrainings.data());
        complete(otherReplica, first.lease(), 1, parts -> stage(0, 6));

        assertThat(states(training))
                .hasSize(FOLDS + 1)
                .startsWith(TrainingPart.State.COMPLETED, TrainingPart.State.QUEUED)
                .endsWith(TrainingPart.State.QUEUED);
        assertThat(queue()).hasSize(FOLDS).doesNotContain(first.lease().id());
    }

    @Test
    void storesTheResultWithTheDecision() {
        Training training = added("m", 2);
        complete(store, lease(training, 1).lease(), 0.75, parts -> STAY);

        List<TrainingPart> seen = new ArrayList<>();
        TrainingOutcome outcome = TrainingOutcome.failed(StopReason.DIVERGED, "in fold 2");
        Optional<Next> next = complete(store, lease(training, 0).lease(), 0.5, parts -> {
            seen.addAll(parts);
            return new End(outcome);
        });

        assertThat(next).contains(new End(outcome));
        assertThat(seen).extracting(TrainingPart::number).containsExactly(0, 1);
        assertThat(seen.get(0).results()).containsExactly(result(0.5));
        assertThat(seen.get(1).results()).containsExactly(result(0.75));
        Training ended = find(training);
        assertThat(ended.state()).isEqualTo(Training.State.FAILED);
        assertThat(ended.outcome()).isEqualTo(outcome);
        assertThat(ended.progress().epochs()).isEqualTo(14);
        assertThat(ended.progress().worked()).isEqualTo(Duration.ofMillis(80));
        assertThat(trainings.history(training.id()).loss()).hasSize(14);
        assertThat(store.history(training.id() + "/1")).isEqualTo(StoredTrainings.history(7));
        assertThat(models.find("m").orElseThrow().training()).isFalse();
        assertThat(queue()).isEmpty();
    }

    @Test
    void nextStageContinuesOnAnyReplicaWhereTheLastOneEnded() {
        Training training = added("m", 1);
        TrainingLease first = lease(training, 0).lease();
        store.complete(
                first,
                result(1),
                StoredTrainings.checkpoint(7, 10),
                StoredTrainings.history(7),
                Duration.ofMillis(40),
                parts -> stage(1, 1));

        LeasedTraining next = lease(training, 0);

        assertThat(next.part()).isEqualTo(new Assignment(0, 1, 20));
        assertThat(next.attempts()).isEqualTo(1);
        StoredTrainings.assertSame(next.checkpoint(), StoredTrainings.checkpoint(7, 10));
        assertThat(next.training().progress())
                .isEqualTo(Training.Progress.of(StoredTrainings.history(7), Duration.ofMillis(40)));
        assertThat(store.list(training.id()).get(0).results()).containsExactly(result(1));
        assertThat(complete(store, first, 2, parts -> STAY)).isEmpty();
    }

    @Test
    void keepsTheCheckpointsOfPartsThatMayContinue() {
        Training training = added("m", 3);
        pause(lease(training, 0).lease(), parts -> stage(0, 3));
        pause(lease(training, 1).lease(), parts -> stage(0, 3));
        assertThat(checkpoints()).hasSize(2);

        pause(lease(training, 2).lease(), parts -> new Parts(List.of(stageOf(0), stageOf(2))));
        assertThat(checkpoints()).containsExactly(training.id() + "/0", training.id() + "/2");

        complete(store, lease(training, 0).lease(), 1, parts -> new Parts(List.of(stageOf(2))));
        assertThat(checkpoints()).containsExactly(training.id() + "/2");
    }

    private static Assignment stageOf(int part) {
        return new Assignment(part, 1, 20);
    }

    private void pause(TrainingLease lease, Function<List<TrainingPart>, Next> next) {
        store.complete(
                lease,
                result(1),
                StoredTrainings.checkpoint(7, 10),
                StoredTrainings.history(7),
                Duration.ofMillis(40),
                next);
    }

    private List<@Nullable String> checkpoints() {
        return jdbc.sql("select part_id from blob where kind = 'PART_CHECKPOINT' and part_id is not null order by 1")
                .query(String.class)
                .list();
    }

    @Test
    void positionsAreThoseOfTheQueueOfParts() {
        List<Training> parted = List.of(added("a", 1), added("b", 1));
        Model model = created("m", 0);
        models.add(model);
        Training training = trainings
                .add(StoredTrainings.of(model), "", null, StoredTrainings.QUEUE)
                .orElseThrow();

        assertThat(parted).extracting(Training::queuePosition).containsExactly(1, 2);
        assertThat(training.queuePosition()).isEqualTo(1);
        assertThat(jdbc.sql("select round from training where id = ?")
                        .params(training.id())
                        .query(Integer.class)
                        .single())
                .isEqualTo(1); // the first of its owner
    }

    @Test
    void supersededLeaseCanWriteNothing() {
        Training training = added("m", 2);
        TrainingLease old = lease(training, 0).lease();
        TrainingLease taken = store.lease(old.id()).orElseThrow().lease();

        assertThat(taken.token()).isEqualTo(old.token() + 1);
        assertThat(otherReplica.saveProgress(old, Training.Progress.NONE)).isFalse();
        assertThat(otherReplica.checkpoint(old, StoredTrainings.checkpoint(3, 10)))
                .isFalse();
        assertThat(complete(otherReplica, old, 1, parts -> new Train())).isEmpty();
        assertThat(otherReplica.endEarly(old, parts -> new Train())).isEmpty();
        otherReplica.release(old);
        assertThat(otherReplica.leases(List.of(old.id()))).containsExactly(taken);
        assertThat(store.list(training.id()).get(0).results()).isEmpty();
        assertThat(find(training).state()).isEqualTo(Training.State.RUNNING);

        assertThat(complete(store, taken, 1, parts -> STAY)).contains(STAY);
    }

    @Test
    void cancellationStopsAllParts() {
        Training training = added("m", 3);
        TrainingLease running = lease(training, 0).lease();
        complete(store, lease(training, 1).lease(), 1, parts -> STAY);

        trainings.cancel(training.id(), false);

        assertThat(find(training).state()).isEqualTo(Training.State.CANCELLED);
        assertThat(find(training).progress().epochs()).isEqualTo(7);
        assertThat(states(training))
                .containsExactly(TrainingPart.State.STOPPED, TrainingPart.State.COMPLETED, TrainingPart.State.STOPPED);
        assertThat(store.leases(List.of(running.id()))).isEmpty();
        assertThat(complete(store, running, 1, parts -> new Train())).isEmpty();
        assertThat(store.lease(training.id() + "/2")).isEmpty();
        assertThat(queue()).isEmpty();
        assertThat(models.find("m").orElseThrow().training()).isFalse();
    }

    @Test
    void trainingOfTheModelFollowsTheParts() {
        Training training = added("m", 2);
        TrainingLease other = lease(training, 1).lease();
        store.checkpoint(other, StoredTrainings.checkpoint(3, 10));

        store.endEarly(lease(training, 0).lease(), parts -> new Train());

        assertThat(states(training)).containsOnly(TrainingPart.State.STOPPED);
        assertThat(store.saveProgress(other, Training.Progress.NONE)).isFalse();
        assertThat(jdbc.sql("select count(*) from blob where part_id is not null")
                        .query(Integer.class)
                        .single())
                .isZero();
        LeasedTraining leased = trainings.lease(training.id()).orElseThrow();
        assertThat(leased.part()).isNull();
        StoredTrainings.assertSame(leased.prepared().data(), StoredTrainings.data());
        store.endEarly(training.id(), parts -> {
            throw new AssertionError("there are no parts to end");
        });
        assertThat(trainings.end(leased.lease(), TrainingOutcome.CANCELLED, History.EMPTY, Duration.ZERO, null))
                .isTrue();
    }

    @Test
    void cancellationAfterThePartsEndsTheTrainingThatFollows() {
        Training training = added("m", 1);
        complete(store, lease(training, 0).lease(), 1, parts -> new Train());

        trainings.cancel(training.id(), false);

        assertThat(find(training).state()).isEqualTo(Training.State.CANCELLED);
        assertThat(find(training).progress().epochs()).isEqualTo(7);
        assertThat(trainings.lease(training.id())).isEmpty();
        assertThat(jdbc.sql("select count(*) from scheduled_tasks")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(models.find("m").orElseThrow().training()).isFalse();
    }

    @Test
    void partAttemptedTooOftenFailsItsTraining() {
        Training training = added("m", 2);
        String part = training.id() + "/0";
        for (int attempt = 1; attempt <= LeasedRows.MAX_ATTEMPTS; attempt++) {
            assertThat(store.lease(part).orElseThrow().attempts()).isEqualTo(attempt);
        }
        assertThat(queue()).endsWith(part); // others come first

        assertThat(store.lease(part)).isEmpty();

        assertThat(find(training).state()).isEqualTo(Training.State.FAILED);
        assertThat(find(training).outcome().error()).startsWith("in each of 5 attempts");
        assertThat(queue()).isEmpty();
    }

    @Test
    void releasedPartIsNotCountedAsAttempted() {
        Training training = added("m", 1);
        for (int i = 0; i < 2 * LeasedRows.MAX_ATTEMPTS; i++) {
            LeasedTraining leased = lease(training, 0);
            assertThat(leased.attempts()).isEqualTo(1);
            store.release(leased.lease());
        }
    }

    @Test
    void corruptDataFailTheTrainingAndNewerDataAreLeft() {
        Training training = added("m", 1);
        jdbc.sql("update training set document = replace(document, '\"format\":1', '\"format\":9')")
                .update();
        setChecksum(training);
        assertThatThrownBy(() -> store.lease(training.id() + "/0")).isInstanceOf(NewerFormatException.class);
        assertThat(find(training).state()).isEqualTo(Training.State.QUEUED);

        jdbc.sql("update training set document = replace(document, '\"format\":9', '\"form\":1')")
                .update();
        assertThat(otherReplica.lease(training.id() + "/0")).isEmpty();
        assertThat(find(training).outcome().error()).isEqualTo(TrainingRowMapper.UNREADABLE);
    }

    private void setChecksum(Training training) {
        String document = jdbc.sql("select document from training where id = ?")
                .params(training.id())
                .query(String.class)
                .single();
        jdbc.sql("update training set checksum = ? where id = ?")
                .params(Checksum.of(document), training.id())
                .update();
    }

    @Test
    void deletionOfTheModelStopsItsParts() {
        Training training = added("m", 2);
        TrainingLease running = lease(training, 0).lease();
        store.checkpoint(running, StoredTrainings.checkpoint(3, 10));

        models.remove("m");

        assertThat(store.leases(List.of(running.id()))).isEmpty();
        assertThat(complete(store, running, 1, parts -> STAY)).isEmpty();
        assertThat(store.lease(training.id() + "/1")).isEmpty();
        assertThat(store.list(training.id())).isEmpty();
        assertThat(queue()).isEmpty();
    }

    @Test
    void partsOfOwnersTakeTurns() {
        Training first = added("a", 3, "alice");
        Training second = added("b", 2, "bob");

        assertThat(queue())
                .containsExactly(
                        first.id() + "/0",
                        second.id() + "/0",
                        first.id() + "/1",
                        second.id() + "/1",
                        first.id() + "/2");
    }

    @Test
    void partsThatEndAtTheSameTimeSeeEachOther() throws Exception {
        Training training = added("m", FOLDS);
        List<TrainingLease> leases = IntStream.range(0, FOLDS)
                .mapToObj(part -> lease(training, part).lease())
                .toList();
        CountDownLatch ready = new CountDownLatch(FOLDS);
        ExecutorService threads = Executors.newFixedThreadPool(FOLDS);
        List<Future<Optional<Next>>> decided = new ArrayList<>();
        try {
            for (TrainingLease lease : leases) {
                decided.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return complete(
                            lease.id().endsWith("1") ? otherReplica : store,
                            lease,
                            1,
                            parts -> parts.stream().allMatch(part -> part.hasCompleted(0))
                                    ? new End(TrainingOutcome.CANCELLED)
                                    : STAY);
                }));
            }
            List<Next> next = new ArrayList<>();
            for (Future<Optional<Next>> one : decided) {
                next.add(one.get().orElseThrow());
            }
            assertThat(next).filteredOn(End.class::isInstance).hasSize(1);
            assertThat(find(training).isOver()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }
}
