package io.backprop.store;

import static io.backprop.store.StoredModels.created;
import static io.backprop.store.StoredModels.next;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.StopReason;
import io.backprop.model.Model;
import io.backprop.store.format.Checksum;
import io.backprop.training.Checkpoint;
import io.backprop.training.ClaimedTraining;
import io.backprop.training.ExternalTraining;
import io.backprop.training.ExternalTrainingStore;
import io.backprop.training.History;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.Training;
import io.backprop.training.Training.State;
import io.backprop.training.TrainingException;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingStore;
import io.backprop.training.TrainingStore.CancellationRequest;
import io.backprop.training.TrainingStore.NextVersion;
import io.backprop.training.TrainingStore.QueueLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A store of trainings that drivers work on, in any database. */
abstract class ExternalTrainingStoreContract {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String NOBODY = "";

    private final TestClock clock = new TestClock();
    private final Map<String, Model> models = new HashMap<>();
    private TestStore opened;
    private ExternalTrainingStore store;
    private ExternalTrainingStore otherReplica;
    private TrainingStore trainings;
    private JdbcClient jdbc;

    /** Returns a database with the schema and no models. */
    abstract DataSource emptyDatabase();

    @BeforeEach
    void open() {
        DataSource database = emptyDatabase();
        opened = TestStore.of(database, clock);
        store = opened.external();
        otherReplica = TestStore.of(database, clock).external();
        trainings = opened.trainings();
        jdbc = opened.jdbc();
    }

    private Model trained(String id) {
        Model untrained = created(id, 0);
        opened.models().add(untrained);
        Model model = next(untrained);
        opened.models().publish(untrained, model, 1);
        models.put(id, model);
        return model;
    }

    private Training queue(String model, String owner) {
        clock.pass(Duration.ofMillis(1));
        return add(trained(model), owner, null, new QueueLimits(100, 1)).orElseThrow();
    }

    private Training queue(String model) {
        return queue(model, NOBODY);
    }

    private Optional<Training> add(Model model, String owner, @Nullable IdempotencyKey key, QueueLimits limits) {
        return store.add(model, StoredTrainings.external(model), owner, key, limits);
    }

    private Model model(String id) {
        return requireNonNull(models.get(id));
    }

    private ClaimedTraining claim() {
        return otherReplica.claim(TIMEOUT).orElseThrow();
    }

    private Training stored(Training training) {
        return trainings.find(training.id()).orElseThrow();
    }

    private boolean publish(ClaimedTraining claimed) {
        Model trained = model(claimed.training().model());
        Model next = next(trained);
        TrainingOutcome outcome = new TrainingOutcome(
                StopReason.EPOCHS, 5, null, Map.of("accuracy", 0.5), List.of(), next.version(), List.of(), null);
        return trainings.end(
                claimed.lease(),
                outcome,
                StoredTrainings.history(7),
                Duration.ofSeconds(2),
                new NextVersion(trained, next, 1, next.changes()));
    }

    private void silence() {
        clock.pass(TIMEOUT.plusMillis(1));
    }

    @Test
    void queuedTrainingMarksItsModel() {
        Training training = queue("m");

        assertThat(training.state()).isEqualTo(State.QUEUED);
        assertThat(training.queuePosition()).isEqualTo(1);
        assertThat(training.settings())
                .isEqualTo(StoredTrainings.external(model("m")).settings());
        assertThat(training.warnings()).containsExactly("queued");
        assertThat(opened.models().find("m").orElseThrow().training()).isTrue();
        assertThat(trainings.list(null, 10, null).trainings()).containsExactly(training);
        assertThat(add(model("m"), NOBODY, null, StoredTrainings.QUEUE)).isEmpty();
    }

    @Test
    void schedulerHasNoneOfThem() {
        queue("m");

        assertThat(opened.count("scheduled_tasks")).isZero();
        assertThat(opened.count("scheduled_parts")).isZero();
    }

    @Test
    void waitsApartFromTrainingsOfTheService() {
        Model local = trained("a");
        trainings.add(StoredTrainings.of(local), NOBODY, null, StoredTrainings.QUEUE);
        Training first = queue("b");
        Training second = queue("c");

        assertThat(first.queuePosition()).isEqualTo(1);
        assertThat(second.queuePosition()).isEqualTo(2);
        assertThat(trainings.find("a", 1).orElseThrow().queuePosition()).isEqualTo(1);
    }

    @Test
    void repeatedIdempotencyKeyIsFound() {
        Model model = trained("m");
        IdempotencyKey key = new IdempotencyKey("k", "digest");
        Training training = add(model, "alice", key, StoredTrainings.QUEUE).orElseThrow();

        assertThat(trainings.findByKey("m", "alice", "k")).contains(training);
        assertThat(add(model, "alice", key, StoredTrainings.QUEUE)).isEmpty();
    }

    @Test
    void limitsOfTheQueueAreThoseOfAllTrainings() {
        QueueLimits two = new QueueLimits(2, 1_000_000);
        trainings.add(StoredTrainings.of(trained("a")), NOBODY, null, two);
        assertThat(add(trained("b"), NOBODY, null, two)).isPresent();

        assertThatThrownBy(() -> add(trained("c"), NOBODY, null, two))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("all 2 places");
    }

    @Test
    void claimHasWhatWasQueued() {
        Training training = queue("m");

        ClaimedTraining claimed = claim();

        assertThat(claimed.training().id()).isEqualTo(training.id());
        assertThat(claimed.training().state()).isEqualTo(State.RUNNING);
        assertThat(claimed.training().startedAt()).isEqualTo(clock.instant());
        assertThat(claimed.lease().id()).isEqualTo(training.id());
        assertThat(claimed.first()).isTrue();
        assertThat(claimed.external()).isEqualTo(StoredTrainings.external(model("m")));
        assertThat(claimed.checkpoint()).isFalse();
        assertThat(claimed.exhausted()).isFalse();
        assertThat(store.claim(TIMEOUT)).isEmpty();
    }

    @Test
    void changedSettingsOfTheModelDoNotCount() {
        queue("m");
        Model model = opened.models().find("m").orElseThrow();
        Model changed =
                model.withSettings(model.spec().withPlan(model.spec().plan().withEpochs(3)), model.description());
        assertThat(opened.models().update(model, changed)).isTrue();

        assertThat(claim().external().spec()).isEqualTo(model("m").spec());
    }

    @Test
    void twoDriversNeverClaimTheSameTraining() {
        int count = 12;
        for (int i = 0; i < count; i++) {
            queue("m" + i);
        }
        Set<String> claimed = new HashSet<>();
        Stream.of(store, otherReplica, store, otherReplica)
                .map(replica -> CompletableFuture.supplyAsync(() -> {
                    List<String> ids = new ArrayList<>();
                    for (Optional<ClaimedTraining> next = replica.claim(TIMEOUT);
                            next.isPresent();
                            next = replica.claim(TIMEOUT)) {
                        ids.add(next.get().training().id());
                    }
                    return ids;
                }))
                .toList()
                .forEach(ids ->
                        ids.join().forEach(id -> assertThat(claimed.add(id)).isTrue()));

        assertThat(claimed).hasSize(count);
    }

    @Test
    void startsTrainingsOfOwnersInTurn() {
        for (String model : List.of("a1", "a2", "a3", "b1", "b2")) {
            queue(model, model.substring(0, 1));
        }
        trainings.add(StoredTrainings.of(trained("a0")), "a", null, new QueueLimits(100, 1_000_000));

        assertThat(Stream.generate(() -> store.claim(TIMEOUT))
                        .takeWhile(Optional::isPresent)
                        .map(claimed -> claimed.orElseThrow().training().model()))
                .containsExactly("a1", "b1", "a2", "b2", "a3");
    }

    @Test
    void silentDriverLosesItsClaimToTheNextOne() {
        queue("m");
        ClaimedTraining first = claim();
        clock.pass(TIMEOUT);
        assertThat(store.claim(TIMEOUT)).isEmpty();
        clock.pass(Duration.ofMillis(1));

        ClaimedTraining second = claim();

        assertThat(second.lease().token()).isEqualTo(first.lease().token() + 1);
        assertThat(second.first()).isFalse();
        assertThat(second.training().startedAt()).isEqualTo(first.training().startedAt());
        assertRejected(first);
        assertThat(publish(second)).isTrue();
    }

    /** Checks that a driver whose claim was lost can't change anything. */
    private void assertRejected(ClaimedTraining lost) {
        TrainingLease lease = lost.lease();
        Training before = stored(lost.training());
        assertThat(store.renew(lease, Training.Progress.of(StoredTrainings.history(9), Duration.ofDays(1)), TIMEOUT))
                .isEmpty();
        assertThat(store.prepare(lease, StoredTrainings.prepared(lost.external())))
                .isFalse();
        assertThat(store.checkpoint(lease, StoredTrainings.checkpoint(9, 10))).isFalse();
        assertThat(publish(lost)).isFalse();
        assertThat(trainings.end(lease, TrainingOutcome.CANCELLED, History.EMPTY, Duration.ZERO, null))
                .isFalse();
        store.release(lease);
        assertThat(store.claim(TIMEOUT)).isEmpty();
        assertThat(stored(lost.training())).isEqualTo(before);
    }

    @Test
    void renewedClaimIsKept() {
        queue("m");
        ClaimedTraining claimed = claim();
        for (int i = 1; i <= 3; i++) {
            clock.pass(TIMEOUT.minusSeconds(1));
            Training.Progress progress = Training.Progress.of(StoredTrainings.history(i), Duration.ofSeconds(i));

            assertThat(store.renew(claimed.lease(), progress, TIMEOUT))
                    .contains(new CancellationRequest(claimed.lease(), false, false));
            assertThat(store.claim(TIMEOUT)).isEmpty();
            assertThat(stored(claimed.training()).progress()).isEqualTo(progress);
        }
    }

    @Test
    void driverThatWasNotReplacedMayContinue() {
        queue("m");
        ClaimedTraining claimed = claim();
        silence();

        assertThat(store.renew(claimed.lease(), null, TIMEOUT)).isPresent();
        assertThat(store.claim(TIMEOUT)).isEmpty();
    }

    @Test
    void preparationAndCheckpointGoToTheNextDriver() {
        queue("m");
        ClaimedTraining first = claim();
        ExternalTraining prepared = StoredTrainings.prepared(first.external());
        assertThat(store.prepare(first.lease(), prepared)).isTrue();
        Checkpoint checkpoint = StoredTrainings.checkpoint(3, 10);
        assertThat(store.checkpoint(first.lease(), checkpoint)).isTrue();
        store.renew(first.lease(), Training.Progress.of(StoredTrainings.history(4), Duration.ofSeconds(9)), TIMEOUT);
        silence();

        ClaimedTraining second = claim();

        assertThat(second.external()).isEqualTo(prepared);
        assertThat(second.checkpoint()).isTrue();
        assertThat(second.training().examples()).isEqualTo(5_000_000_000L);
        assertThat(second.training().warnings()).containsExactly("queued", "fitted");
        assertThat(second.training().progress().worked()).isEqualTo(Duration.ofSeconds(9));
        StoredTrainings.assertSame(store.checkpoint(second.training().id()).orElse(null), checkpoint);
        assertThat(trainings.history(second.training().id())).isEqualTo(StoredTrainings.history(3));
    }

    @Test
    void liveModelIsThatOfTheLastCheckpoint() {
        queue("m");
        ClaimedTraining claimed = claim();
        int parameters = claimed.external().network().parameterCount();
        store.prepare(claimed.lease(), StoredTrainings.prepared(claimed.external()));
        store.checkpoint(claimed.lease(), StoredTrainings.checkpoint(3, parameters));

        assertThat(trainings
                        .live(claimed.training().id(), model("m"), bytes -> {})
                        .orElseThrow()
                        .epoch())
                .isEqualTo(3);
    }

    @Test
    void publishesTheResult() {
        queue("m");
        ClaimedTraining claimed = claim();
        assertThat(store.hasEnded(claimed.lease())).isFalse();

        assertThat(publish(claimed)).isTrue();

        Training ended = stored(claimed.training());
        assertThat(ended.state()).isEqualTo(State.SUCCEEDED);
        assertThat(ended.outcome().version()).isEqualTo(2);
        assertThat(trainings.history(ended.id())).isEqualTo(StoredTrainings.history(7));
        assertThat(opened.models().find("m").orElseThrow().version()).isEqualTo(2);
        assertThat(opened.models().find("m").orElseThrow().training()).isFalse();
        assertThat(store.hasEnded(claimed.lease())).isTrue();
        assertThat(store.hasEnded(new TrainingLease(ended.id(), claimed.lease().token() + 1)))
                .isFalse();
        assertThat(publish(claimed)).isFalse();
        assertThat(store.find(ended)).isEmpty();
    }

    @Test
    void releasedTrainingGoesToTheNextDriverAtOnce() {
        Training training = queue("m");
        for (int i = 1; i <= 2 * LeasedRows.MAX_ATTEMPTS; i++) {
            ClaimedTraining claimed = claim();
            assertThat(claimed.exhausted()).isFalse();
            assertThat(claimed.first()).isEqualTo(i == 1);
            store.release(claimed.lease());
        }
        assertThat(stored(training).state()).isEqualTo(State.RUNNING);
    }

    @Test
    void fiveAttemptsWithoutACheckpointAreTheLast() {
        queue("m");
        for (int attempt = 1; attempt <= LeasedRows.MAX_ATTEMPTS; attempt++) {
            assertThat(claim().exhausted()).isFalse();
            silence();
        }

        assertThat(claim().exhausted()).isTrue();
    }

    @Test
    void attemptsBeforeACheckpointDoNotCount() {
        queue("m");
        for (int attempt = 1; attempt < LeasedRows.MAX_ATTEMPTS; attempt++) {
            claim();
            silence();
        }
        store.checkpoint(claim().lease(), StoredTrainings.checkpoint(3, 10));
        silence();

        for (int attempt = 1; attempt <= LeasedRows.MAX_ATTEMPTS; attempt++) {
            assertThat(claim().exhausted()).isFalse();
            silence();
        }
    }

    @Test
    void trainingThatFailsItsDriversFollowsTheOthers() {
        queue("a");
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(claim().training().model()).isEqualTo("a");
            silence();
        }
        queue("b");

        assertThat(claim().training().model()).isEqualTo("b");
        assertThat(claim().training().model()).isEqualTo("a");
    }

    @Test
    void cancellationOfAQueuedTrainingEndsIt() {
        Training training = queue("m");

        trainings.cancel(training.id(), true);

        assertThat(stored(training).state()).isEqualTo(State.CANCELLED);
        assertThat(store.claim(TIMEOUT)).isEmpty();
        assertThat(store.claimCancelled(TIMEOUT)).isEmpty();
        assertThat(opened.models().find("m").orElseThrow().training()).isFalse();
    }

    @Test
    void driverIsToldOfACancellation() {
        Training training = queue("m");
        ClaimedTraining claimed = claim();

        trainings.cancel(training.id(), true);

        assertThat(stored(training).state()).isEqualTo(State.RUNNING);
        assertThat(store.claimCancelled(TIMEOUT)).isEmpty();
        assertThat(store.renew(claimed.lease(), null, TIMEOUT))
                .contains(new CancellationRequest(claimed.lease(), true, true));
        assertThat(publish(claimed)).isTrue();
    }

    @Test
    void cancellationWithoutADriverEndsTheTraining() {
        Training training = queue("m");
        ClaimedTraining claimed = claim();
        store.checkpoint(claimed.lease(), StoredTrainings.checkpoint(3, 10));
        silence();

        trainings.cancel(training.id(), false);

        assertThat(stored(training).state()).isEqualTo(State.CANCELLED);
        assertThat(trainings.history(training.id())).isEqualTo(StoredTrainings.history(3));
        assertRejected(claimed);
    }

    @Test
    void cancelledTrainingWhoseDriverFallsSilentIsClaimedToEndIt() {
        Training training = queue("m");
        ClaimedTraining claimed = claim();
        trainings.cancel(training.id(), false);
        silence();
        assertThat(store.claim(TIMEOUT)).isEmpty();

        ClaimedTraining abandoned = store.claimCancelled(TIMEOUT).orElseThrow();

        assertThat(abandoned.cancellation()).isEqualTo(new CancellationRequest(abandoned.lease(), true, false));
        assertThat(store.claimCancelled(TIMEOUT)).isEmpty();
        assertRejected(claimed);
    }

    @Test
    void reachedParametersOfACancelledTrainingCanBeKeptWithoutItsDriver() {
        Training training = queue("m");
        claim();
        silence();

        trainings.cancel(training.id(), true);

        assertThat(stored(training).state()).isEqualTo(State.RUNNING);
        ClaimedTraining abandoned = store.claimCancelled(TIMEOUT).orElseThrow();
        assertThat(abandoned.cancellation()).isEqualTo(new CancellationRequest(abandoned.lease(), true, true));
        assertThat(publish(abandoned)).isTrue();
    }

    @Test
    void deletedModelLosesItsTraining() {
        queue("m");
        ClaimedTraining claimed = claim();

        opened.models().remove("m");

        assertThat(store.renew(claimed.lease(), null, TIMEOUT)).isEmpty();
        assertThat(store.find(claimed.training())).isEmpty();
        assertThat(publish(claimed)).isFalse();
        silence();
        assertThat(store.claim(TIMEOUT)).isEmpty();
    }

    @Test
    void leaseOfADeletedModelIsNoneOfItsSuccessor() {
        queue("m");
        long deleted = claim().lease().token();
        opened.models().remove("m");
        Training successor = queue("m");

        long token = claim().lease().token();

        assertThat(token).isNotEqualTo(deleted);
        assertThat(store.renew(new TrainingLease(successor.id(), deleted), null, TIMEOUT))
                .isEmpty();
    }

    @Test
    void unreadableTrainingFailsAndANewerOneIsLeft() {
        Training newer = queue("a");
        Training corrupt = queue("b");
        Training intact = queue("c");
        change(newer, "\"format\":1", "\"format\":9");
        change(corrupt, "\"fresh\":", "\"frozen\":");

        assertThat(claim().training().id()).isEqualTo(intact.id());

        assertThat(store.claim(TIMEOUT)).isEmpty();
        assertThat(stored(newer).state()).isEqualTo(State.QUEUED);
        assertThat(stored(corrupt).state()).isEqualTo(State.FAILED);
        assertThat(stored(corrupt).outcome().error()).isEqualTo(TrainingRowMapper.UNREADABLE);
    }

    private void change(Training training, String from, String to) {
        String document = jdbc.sql("select document from training where id = ?")
                .params(training.id())
                .query(String.class)
                .single()
                .replace(from, to);
        jdbc.sql("update training set document = ?, checksum = ? where id = ?")
                .params(document, Checksum.of(document), training.id())
                .update();
    }
}
