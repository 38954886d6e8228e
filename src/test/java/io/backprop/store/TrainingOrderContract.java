package io.backprop.store;

import static io.backprop.store.StoredModels.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import io.backprop.Await;
import io.backprop.model.Model;
import io.backprop.store.format.TrainingDataFormat;
import io.backprop.store.sqlite.SqliteDataSource;
import io.backprop.store.sqlite.SqliteSchedulerCustomization;
import io.backprop.training.History;
import io.backprop.training.LeasedTraining;
import io.backprop.training.Training;
import io.backprop.training.TrainingException;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingStore.QueueLimits;
import io.backprop.training.TrainingWorkers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** The order in which db-scheduler starts the trainings of different owners, and their shares of the queue. */
abstract class TrainingOrderContract {

    private static final QueueLimits LARGE = new QueueLimits(1_000, 1_000_000_000);
    private static final String NOBODY = "";

    @SuppressWarnings("NullAway.Init")
    private DataSource database;

    @SuppressWarnings("NullAway.Init")
    private TestStore store;

    /** Returns a database with the schema and no models. */
    abstract DataSource emptyDatabase();

    @BeforeEach
    void open() {
        database = emptyDatabase();
        store = TestStore.of(database);
    }

    /** Queues a training of a new model, which gives the training its name. */
    private Training queue(String owner, String name, QueueLimits limits) {
        Model model = created(name, 0);
        store.models().add(model);
        return store.trainings()
                .add(StoredTrainings.of(model), owner, null, limits)
                .orElseThrow();
    }

    private void queue(String... names) {
        for (String name : names) {
            queue(name.substring(0, 1), name, LARGE);
        }
    }

    /**
     * Runs the queue until it is empty, or stops as a process does that is shut down.
     *
     * @param last the training after which no other is started; null for all
     * @param meanwhile what happens while a training runs
     * @return the trainings in the order of their start
     */
    private List<String> work(int workers, @Nullable String last, Map<String, Runnable> meanwhile) {
        List<String> started = new CopyOnWriteArrayList<>();
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        if (database instanceof SqliteDataSource) {
            beans.addBean("customization", new SqliteSchedulerCustomization());
        }
        Clock clock = Clock.systemUTC();
        TrainingQueue queue = new TrainingQueue(store.jdbc(), clock, beans.getBeanProvider(Scheduler.class));
        TrainingWorkers worker = mock(TrainingWorkers.class);
        ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
        threads.setCorePoolSize(workers);
        threads.initialize();
        SchedulerConfiguration configuration = new SchedulerConfiguration();
        Scheduler scheduler = configuration.scheduler(
                database,
                queue,
                clock,
                configuration.trainingTask(worker),
                threads,
                beans.getBeanProvider(JdbcCustomization.class));
        doAnswer(call -> {
                    LeasedTraining leased =
                            store.trainings().lease(call.getArgument(0)).orElseThrow();
                    String name = leased.training().model();
                    started.add(name);
                    meanwhile.getOrDefault(name, () -> {}).run();
                    if (name.equals(last)) {
                        scheduler.pause();
                    }
                    store.trainings()
                            .end(leased.lease(), TrainingOutcome.CANCELLED, History.EMPTY, Duration.ZERO, null);
                    scheduler.triggerCheckForDueExecutions();
                    return null;
                })
                .when(worker)
                .work(any());
        try {
            scheduler.start();
            Await.until(() -> last == null
                    ? store.count("scheduled_tasks") == 0
                    : store.count("training where state = 'CANCELLED'") == started.size() && started.contains(last));
        } finally {
            scheduler.stop();
            threads.shutdown();
        }
        return started;
    }

    private List<String> work(Map<String, Runnable> meanwhile) {
        return work(1, null, meanwhile);
    }

    @Test
    void oneTrainingDoesNotWaitForAllOfAnotherOwner() {
        queue("a1", "a2", "a3", "a4", "a5");

        assertThat(work(Map.of("a2", () -> queue("b1")))).containsExactly("a1", "a2", "b1", "a3", "a4", "a5");
    }

    @Test
    void startsTrainingsOfThreeOwnersInTurn() {
        queue("a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3");

        assertThat(work(Map.of())).containsExactly("a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3");
    }

    @Test
    void startsTrainingsOfOneOwnerInTheirOrder() {
        for (String name : List.of("1", "2", "3")) {
            queue(NOBODY, name, LARGE);
        }

        assertThat(work(Map.of("1", () -> queue(NOBODY, "4", LARGE)))).containsExactly("1", "2", "3", "4");
    }

    @Test
    void idleOwnerGainsNothing() {
        queue("a1", "a2", "a3", "a4");
        work(Map.of());
        queue("a5", "a6", "a7", "b1", "b2", "b3");

        assertThat(work(Map.of())).containsExactly("b1", "a5", "b2", "a6", "b3", "a7");
    }

    @Test
    void ownersOfOneTrainingAtATimeDoNotHoldUpOthers() {
        queue("a1", "a2", "a3", "b1");

        List<String> order = work(Map.of("b1", () -> queue("c1"), "c1", () -> queue("b2"), "b2", () -> queue("c2")));

        assertThat(order).containsExactly("a1", "b1", "c1", "a2", "b2", "c2", "a3");
    }

    @Test
    void longTrainingDoesNotLetNewOwnersOvertakeOthers() {
        CountDownLatch end = new CountDownLatch(1);
        queue("l1", "a1", "a2", "a3", "a4", "a5");

        List<String> order = work(
                2, null, Map.of("l1", () -> await(end), "a3", () -> queue("b1", "b2", "b3"), "b3", end::countDown));

        assertThat(order)
                .filteredOn(name -> !name.equals("l1"))
                .containsExactly("a1", "a2", "a3", "b1", "a4", "b2", "a5", "b3");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void cancelledTrainingsDoNotCount() {
        queue("a1", "a2", "a3", "b1", "b2");
        List.of("a1", "a2", "a3")
                .forEach(name -> store.trainings()
                        .cancel(store.trainings().find(name, 1).orElseThrow().id(), false));
        queue("a4");

        assertThat(work(Map.of())).containsExactly("b1", "a4", "b2");
    }

    @Test
    void orderSurvivesARestart() {
        queue("a1", "a2", "a3", "a4", "b1", "b2");
        assertThat(work(1, "a2", Map.of())).containsExactly("a1", "b1", "a2");

        store = TestStore.of(database);
        queue("a5", "b3");

        assertThat(work(Map.of())).containsExactly("b2", "a3", "b3", "a4", "a5");
    }

    @Test
    void positionsFollowTheOrder() {
        queue("a1", "a2", "a3", "b1");

        assertThat(List.of("a1", "b1", "a2", "a3"))
                .extracting(
                        name -> store.trainings().find(name, 1).orElseThrow().queuePosition())
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void ownerTakesNoMorePlacesThanRemainFree() {
        QueueLimits ten = new QueueLimits(10, 1_000_000_000);

        assertThat(fill("a", ten)).isEqualTo(5);
        assertThat(fill("b", ten)).isEqualTo(2);
        assertThat(fill("c", ten)).isEqualTo(1);
        queue("d", "d0", ten);
        queue("e", "e0", ten);
        assertThatThrownBy(() -> queue("f", "f0", ten))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("all 10 places");
    }

    /** Queues trainings until one is refused, and returns the number of those that were not. */
    private int fill(String owner, QueueLimits limits) {
        for (int i = 0; ; i++) {
            try {
                queue(owner, owner + i, limits);
            } catch (TrainingException e) {
                assertThat(e.kind()).isEqualTo(TrainingException.Kind.TOO_MANY);
                assertThat(e)
                        .hasMessageContaining(
                                "the key \"%s\" has %d queued trainings, which is its share of the 10", owner, i);
                return i;
            }
        }
    }

    @Test
    void allPlacesAreFreeWhereNoKeyIsNeeded() {
        QueueLimits three = new QueueLimits(3, 1_000_000_000);
        for (String name : List.of("1", "2", "3")) {
            queue(NOBODY, name, three);
        }

        assertThatThrownBy(() -> queue(NOBODY, "4", three)).hasMessageContaining("all 3 places");
    }

    @Test
    void simultaneousRequestsOfAnOwnerKeepItsShare() {
        List<Model> models =
                IntStream.range(0, 8).mapToObj(i -> created("a" + i, 0)).toList();
        models.forEach(store.models()::add);

        long queued = models.stream()
                .map(model -> CompletableFuture.supplyAsync(() -> store.trainings()
                        .add(StoredTrainings.of(model), "a", null, new QueueLimits(10, 1_000_000_000))))
                .toList()
                .stream()
                .filter(training ->
                        training.handle((added, refused) -> refused == null).join())
                .count();

        assertThat(queued).isEqualTo(5);
        assertThat(store.jdbc()
                        .sql("select round from training order by round")
                        .query(Integer.class)
                        .list())
                .containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void ownerTakesNoMoreRoomForDataThanRemainsFree() {
        long size = TrainingDataFormat.size(StoredTrainings.data());
        QueueLimits limits = new QueueLimits(10, 5 * size);
        queue("a", "a1", limits);
        queue("a", "a2", limits);
        store.jdbc().sql("update blob set bytes = ?").param(size).update(); // they were compressed

        assertThatThrownBy(() -> queue("a", "a3", limits))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("of the key \"a\" have %d bytes of data", 2 * size);
        queue("b", "b1", limits);
    }
}
