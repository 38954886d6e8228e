package io.backprop.store;

import static io.backprop.store.StoredModels.created;
import static io.backprop.store.StoredModels.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.backprop.driver.OutputFormat;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.ModelStore;
import io.backprop.prediction.ClaimedScoring;
import io.backprop.prediction.Scoring;
import io.backprop.prediction.Scoring.State;
import io.backprop.prediction.ScoringCommand;
import io.backprop.prediction.ScoringException;
import io.backprop.prediction.ScoringLease;
import io.backprop.prediction.ScoringStore;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.InvalidCells;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A store of scorings in any database. */
abstract class ScoringStoreContract {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LIMIT = 3;

    private static final CellRules CELLS =
            new CellRules(new CellFormat(List.of("?"), true, "dd.MM.yyyy"), InvalidCells.MISSING);

    private final TestClock clock = new TestClock();
    private ModelStore models;
    private ScoringStore store;
    private ScoringStore otherReplica;
    private Model model;

    /** Returns a database with the schema and no models. */
    abstract DataSource emptyDatabase();

    @BeforeEach
    void open() {
        DataSource database = emptyDatabase();
        models = TestStore.of(database).models();
        store = store(database);
        otherReplica = store(database);
        model = trained("m");
    }

    private ScoringStore store(DataSource database) {
        Transactions transactions = new Transactions(new DataSourceTransactionManager(database), database);
        return new JdbcScoringStore(JdbcClient.create(database), transactions, clock);
    }

    private Model trained(String id) {
        Model untrained = created(id, 0);
        models.add(untrained);
        Model next = next(untrained);
        models.publish(untrained, next, 1);
        return next;
    }

    private static ScoringCommand command(String output) {
        return new ScoringCommand("clicks", output, OutputFormat.PARQUET, CELLS);
    }

    private Scoring added(String output) {
        return store.add(model, command(output), LIMIT);
    }

    private ClaimedScoring claimed() {
        return otherReplica.claim(TIMEOUT).orElseThrow();
    }

    private Scoring stored(Scoring scoring) {
        return store.find(List.of(new ScoringStore.Key(scoring.model(), scoring.number())))
                .get(0);
    }

    private void cancel(Scoring scoring) {
        store.cancel(new ScoringStore.Key(scoring.model(), scoring.number()));
    }

    @Test
    void addedScoringIsQueued() {
        Scoring added = added("scores");

        assertThat(added)
                .isEqualTo(new Scoring(
                        "m",
                        1,
                        State.QUEUED,
                        model.version(),
                        command("scores"),
                        0,
                        null,
                        List.of(),
                        null,
                        clock.instant(),
                        null,
                        null));
        assertThat(store.list("m")).containsExactly(added);
        assertThat(stored(added)).isEqualTo(added);
    }

    @Test
    void driversClaimScoringsInTheirOrder() {
        Scoring first = added("a");
        clock.pass(Duration.ofMillis(1));
        Scoring second = added("b");

        assertThat(claimed().scoring().number()).isEqualTo(first.number());
        ClaimedScoring claimed = claimed();
        assertThat(claimed.scoring().number()).isEqualTo(second.number());
        assertThat(claimed.scoring().state()).isEqualTo(State.RUNNING);
        assertThat(claimed.scoring().startedAt()).isEqualTo(clock.instant());
        assertThat(store.claim(TIMEOUT)).isEmpty();
    }

    @Test
    void succeededScoringHasItsResult() {
        Scoring scoring = added("scores");
        ScoringLease lease = claimed().lease();
        clock.pass(Duration.ofSeconds(20));
        assertThat(store.renew(lease, 500, TIMEOUT)).contains(false);
        assertThat(stored(scoring).rows()).isEqualTo(500);

        assertThat(store.succeed(lease, 1_000, 7, List.of("a warning"))).isTrue();

        Scoring ended = stored(scoring);
        assertThat(ended.state()).isEqualTo(State.SUCCEEDED);
        assertThat(ended.rows()).isEqualTo(1_000);
        assertThat(ended.files()).isEqualTo(7);
        assertThat(ended.warnings()).containsExactly("a warning");
        assertThat(ended.finishedAt()).isEqualTo(clock.instant());
    }

    @Test
    void repeatedResultHasNoEffect() {
        Scoring scoring = added("scores");
        ScoringLease lease = claimed().lease();
        store.succeed(lease, 1_000, 7, List.of());
        Scoring ended = stored(scoring);
        clock.pass(Duration.ofSeconds(5));

        assertThat(store.succeed(lease, 2_000, 8, List.of("again"))).isTrue();
        assertThat(stored(scoring)).isEqualTo(ended);
        assertThat(store.fail(lease, "for a test")).isFalse();
        assertThat(store.release(lease)).isFalse();
        assertThat(store.renew(lease, 1, TIMEOUT)).isEmpty();
    }

    @Test
    void failedScoringHasTheError() {
        Scoring scoring = added("scores");
        assertThat(store.fail(claimed().lease(), "line 7 of part-3.csv: for a test"))
                .isTrue();

        assertThat(stored(scoring).state()).isEqualTo(State.FAILED);
        assertThat(stored(scoring).error()).isEqualTo("line 7 of part-3.csv: for a test");
        assertThat(stored(scoring).files()).isNull();
    }

    @Test
    void releasedScoringIsQueuedAgainAndNotCountedAsAnAttempt() {
        Scoring scoring = added("scores");
        for (int attempt = 0; attempt < 2 * ScoringStore.MAX_ATTEMPTS; attempt++) {
            ScoringLease lease = claimed().lease();
            store.renew(lease, 10, TIMEOUT);
            assertThat(store.release(lease)).isTrue();
            assertThat(store.release(lease)).isFalse();
        }

        assertThat(stored(scoring).state()).isEqualTo(State.QUEUED);
        assertThat(stored(scoring).rows()).isZero();
    }

    @Test
    void claimThatIsNotRenewedGoesToTheNextDriver() {
        Scoring scoring = added("scores");
        ScoringLease lost = claimed().lease();
        clock.pass(TIMEOUT);
        assertThat(store.claim(TIMEOUT)).isEmpty();
        clock.pass(Duration.ofMillis(1));
        ScoringLease lease = store.claim(TIMEOUT).orElseThrow().lease();

        assertThat(store.renew(lost, 1, TIMEOUT)).isEmpty();
        assertThat(store.succeed(lost, 1, 1, List.of())).isFalse();
        assertThat(store.fail(lost, "for a test")).isFalse();
        assertThat(store.release(lost)).isFalse();
        assertThat(stored(scoring).state()).isEqualTo(State.RUNNING);
        assertThat(store.succeed(lease, 1, 1, List.of())).isTrue();
    }

    @Test
    void renewedClaimDoesNotExpire() {
        added("scores");
        ScoringLease lease = claimed().lease();
        for (int i = 0; i < 5; i++) {
            clock.pass(Duration.ofSeconds(20));
            assertThat(store.renew(lease, i, TIMEOUT)).contains(false);
            assertThat(otherReplica.claim(TIMEOUT)).isEmpty();
        }
    }

    @Test
    void expiredClaimCanBeRenewedUntilAnotherDriverHasIt() {
        added("scores");
        ScoringLease lease = claimed().lease();
        clock.pass(Duration.ofMinutes(5));

        assertThat(store.renew(lease, 1, TIMEOUT)).contains(false);
        assertThat(otherReplica.claim(TIMEOUT)).isEmpty();
    }

    @Test
    void failsAfterTooManyAttempts() {
        Scoring scoring = added("scores");
        for (int attempt = 0; attempt < ScoringStore.MAX_ATTEMPTS; attempt++) {
            claimed();
            clock.pass(TIMEOUT.plusMillis(1));
        }
        Scoring other = added("others");

        assertThat(claimed().scoring().number()).isEqualTo(other.number());
        assertThat(stored(scoring).state()).isEqualTo(State.FAILED);
        assertThat(stored(scoring).error()).startsWith("each of 5 drivers that claimed it has ended");
    }

    @Test
    void cancelledQueuedScoringEndsAtOnce() {
        Scoring scoring = added("scores");
        cancel(scoring);

        assertThat(stored(scoring).state()).isEqualTo(State.CANCELLED);
        assertThat(stored(scoring).finishedAt()).isEqualTo(clock.instant());
        assertThat(store.claim(TIMEOUT)).isEmpty();
    }

    @Test
    void driverOfCancelledScoringIsToldAndEndsIt() {
        Scoring scoring = added("scores");
        ScoringLease lease = claimed().lease();
        cancel(scoring);
        assertThat(stored(scoring).state()).isEqualTo(State.RUNNING);
        assertThat(store.renew(lease, 5, TIMEOUT)).contains(true);

        assertThat(store.release(lease)).isTrue();
        assertThat(stored(scoring).state()).isEqualTo(State.CANCELLED);
        assertThat(stored(scoring).finishedAt()).isEqualTo(clock.instant());
    }

    @Test
    void cancelledScoringThatFailsIsCancelled() {
        Scoring scoring = added("scores");
        ScoringLease lease = claimed().lease();
        cancel(scoring);

        assertThat(store.fail(lease, "for a test")).isTrue();
        assertThat(stored(scoring).state()).isEqualTo(State.CANCELLED);
        assertThat(stored(scoring).error()).isNull();
    }

    @Test
    void cancelledScoringWhoseClaimHasExpiredEndsByItself() {
        Scoring scoring = added("scores");
        ScoringLease lease = claimed().lease();
        cancel(scoring);
        Instant expired = clock.instant().plus(TIMEOUT);
        clock.pass(TIMEOUT.plusMillis(1));

        assertThat(stored(scoring).state()).isEqualTo(State.CANCELLED);
        assertThat(stored(scoring).finishedAt()).isEqualTo(expired);
        assertThat(store.claim(TIMEOUT)).isEmpty();
        assertThat(store.renew(lease, 1, TIMEOUT)).isEmpty();
        assertThat(store.succeed(lease, 1, 1, List.of())).isFalse();
        assertThat(added("scores").number()).isEqualTo(2); // the output is free
    }

    @Test
    void scoringWhoseClaimHasExpiredIsCancelledAtOnce() {
        Scoring scoring = added("scores");
        claimed();
        clock.pass(TIMEOUT.plusMillis(1));
        cancel(scoring);

        assertThat(stored(scoring).state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void endedScoringIsNotCancelled() {
        Scoring scoring = added("scores");
        store.succeed(claimed().lease(), 1, 1, List.of());
        cancel(scoring);

        assertThat(stored(scoring).state()).isEqualTo(State.SUCCEEDED);
    }

    @Test
    void rejectsOutputThatIsBeingWritten() {
        added("scores");
        model = trained("other");
        for (String output : List.of("scores", "Scores")) {
            assertThatExceptionOfType(ScoringException.class)
                    .isThrownBy(() -> added(output))
                    .withMessageStartingWith("the output \"" + output + "\" is that of a prediction")
                    .extracting(ScoringException::kind)
                    .isEqualTo(ScoringException.Kind.OUTPUT_TAKEN);
        }
        assertThat(store.list("other")).isEmpty();

        store.fail(claimed().lease(), "for a test");
        assertThat(added("scores").state()).isEqualTo(State.QUEUED);
    }

    @Test
    void rejectsMoreScoringsOfAModelThanTheLimit() {
        for (int i = 0; i < LIMIT; i++) {
            added("scores-" + i);
        }

        assertThatExceptionOfType(ScoringException.class)
                .isThrownBy(() -> added("more"))
                .withMessageContaining("3 predictions of the model \"m\"")
                .withMessageContaining("backprop.drivers.scorings")
                .extracting(ScoringException::kind)
                .isEqualTo(ScoringException.Kind.TOO_MANY);
        model = trained("other");
        assertThat(added("more").number()).isEqualTo(1);
    }

    @Test
    void keepsTheLastScorings() {
        Scoring open = added("open");
        for (int i = 0; i < Scoring.KEPT + 5; i++) {
            cancel(added("scores"));
        }

        assertThat(store.list("m"))
                .hasSize(Scoring.KEPT)
                .first()
                .satisfies(last -> assertThat(last.number()).isEqualTo(Scoring.KEPT + 6));
        assertThat(stored(open)).isEqualTo(open);
        assertThat(store.find(List.of(new ScoringStore.Key("m", 2)))).isEmpty();
    }

    @Test
    void keepsTheVersionUntilTheEnd() {
        Scoring scoring = added("scores");
        Model first = model;
        publishNext();

        assertThat(models.find("m", first.version())).isPresent();
        assertThat(stored(scoring).version()).isEqualTo(first.version());
        store.succeed(claimed().lease(), 1, 1, List.of());
        publishNext();
        assertThat(models.find("m", first.version())).isEmpty();
    }

    private void publishNext() {
        Model next = next(model);
        assertThat(models.publish(model, next, next.version())).isTrue();
        model = next;
    }

    @Test
    void rejectsVersionThatWasDeletedMeanwhile() {
        Model first = model;
        publishNext();

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> store.add(first, command("scores"), LIMIT))
                .withMessageContaining("version 1 of the model \"m\" is not kept; the current version is 2");
        assertThat(store.list("m")).isEmpty();
    }

    @Test
    void scoringsAreDeletedWithTheirModel() {
        Scoring scoring = added("scores");
        ScoringLease lease = claimed().lease();
        models.remove("m");

        assertThat(store.list("m")).isEmpty();
        assertThat(store.renew(lease, 1, TIMEOUT)).isEmpty();
        assertThat(store.succeed(lease, 1, 1, List.of())).isFalse();
        assertThatExceptionOfType(ModelException.class).isThrownBy(() -> added("scores"));

        model = trained("m"); // another one with the same id
        assertThat(added("scores").number()).isEqualTo(scoring.number());
        claimed();
        assertThat(store.renew(lease, 1, TIMEOUT)).isEmpty();
        assertThat(store.succeed(lease, 1, 1, List.of())).isFalse();
    }

    @Test
    void driversThatRaceClaimEachScoringOnce() throws Exception {
        int scorings = 40;
        for (int i = 0; i < scorings; i++) {
            store.add(model, command("scores-" + i), scorings);
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<Integer>>> drivers = new ArrayList<>();
            for (ScoringStore replica : List.of(store, otherReplica, store, otherReplica)) {
                drivers.add(threads.submit(() -> claimAll(replica)));
            }
            List<Integer> all = new ArrayList<>();
            for (Future<List<Integer>> driver : drivers) {
                all.addAll(driver.get());
            }
            Set<Integer> distinct = new HashSet<>(all);
            assertThat(all).hasSize(scorings);
            assertThat(distinct).hasSize(scorings);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Integer> claimAll(ScoringStore replica) {
        List<Integer> numbers = new ArrayList<>();
        Optional<ClaimedScoring> claim = replica.claim(TIMEOUT);
        while (claim.isPresent()) {
            numbers.add(claim.get().scoring().number());
            claim = replica.claim(TIMEOUT);
        }
        return numbers;
    }
}
