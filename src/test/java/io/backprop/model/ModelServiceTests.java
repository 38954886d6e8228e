package io.backprop.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.ServiceTestBase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/** Versions, and changes that other processes make in the store. */
class ModelServiceTests extends ServiceTestBase {

    @Autowired
    private ModelService models;

    @Autowired
    private ModelStore store;

    @Autowired
    private ModelCache cache;

    @Autowired
    private JdbcTemplate jdbc;

    private Model cached;

    @BeforeEach
    void serve() {
        String id = create("""
            "hidden": [], "inputs": 1, "outputs": 1\
            """);
        put("/models/" + id + "/parameters", """
            {"layers": [{"weights": [[1]], "biases": [0]}]}\
            """);
        cached = models.get(id);
    }

    @Test
    void startsATrainingFromAVersionThatIsNotCachedYet() {
        Model trained = cached.publish(cached, Instant.EPOCH);
        assertThat(store.publish(cached, trained, 1)).isTrue(); // as another process does

        assertThat(models.nextVersion(models.current(trained), trained).version())
                .isEqualTo(3);
    }

    @Test
    void nextVersionNeedsNoMemoryForTheParametersThatItReplaces() {
        Model trained = Model.copy(cached.id() + "-copy", cached, Instant.EPOCH);
        assertThat(store.add(trained)).isTrue();
        jdbc.update("update blob set model_id = null where model_id = ?", trained.id());

        assertThat(models.nextVersion(models.current(trained), trained).version())
                .isEqualTo(2);
    }

    @Test
    void publishesATrainingOfAModelWhosePredecessorIsStillCached() {
        Model trained = Model.create(
                cached.id(), cached.spec(), Description.NONE, cached.createdAt().plusSeconds(1));
        assertThat(store.remove(cached) && store.add(trained)).isTrue();

        Model next = models.nextVersion(
                models.current(trained),
                trained.withParameters(
                        trained.spec().architecture(),
                        Objects.requireNonNull(cached.ensemble()),
                        1,
                        null,
                        null,
                        List.of()));
        assertThat(next.version()).isEqualTo(1);
        assertThat(next.ensemble()).isSameAs(cached.ensemble());
    }

    @Test
    void readsEarlierVersionOnce() {
        publish(1);

        Model earlier = models.get(cached.id(), 1L);
        assertThat(earlier.ensemble()).isNotNull();
        assertThat(models.get(cached.id(), 1L).ensemble()).isSameAs(earlier.ensemble());
        assertThatThrownBy(() -> models.get(cached.id(), 3L))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("is not kept");
    }

    @Test
    void doesNotFindACachedVersionThatIsNoLongerKept() {
        publish(1);
        models.get(cached.id(), 1L);

        publish(2);

        assertThatThrownBy(() -> models.get(cached.id(), 1L)).hasMessageContaining("is not kept");
        assertThatThrownBy(() -> models.restore(cached.id(), 1, any -> true)).hasMessageContaining("is not kept");
    }

    /** Changes made by other replicas become visible within a second. */
    @Test
    void cachedModelsAreRefreshedTwiceASecond() throws Exception {
        Scheduled schedule = ModelCache.class.getDeclaredMethod("refresh").getAnnotation(Scheduled.class);

        assertThat(schedule.fixedDelay()).isBetween(1L, 500L);
    }

    @Test
    void refreshesOnlyModelsInTrainingUnlessTheStoreIsShared() {
        assertThat(store.isShared()).isFalse();
        assertThat(store.publish(cached, cached.publish(cached, Instant.EPOCH), 1))
                .isTrue();
        cache.refresh();
        assertThat(models.get(cached.id()).version()).isEqualTo(cached.version());

        jdbc.update("update model set training = 1 where id = ?", cached.id());
        assertThat(models.refresh(cached.id()).training()).isTrue();
        jdbc.update("update model set training = null where id = ?", cached.id());
        cache.refresh();
        assertThat(models.get(cached.id()).training()).isFalse();
    }

    @Test
    void changesSettingsThatAnotherProcessHasChanged() {
        Model theirs = cached.withSettings(cached.spec(), new Description("theirs", Map.of("a", "b")));
        assertThat(store.update(cached, theirs)).isTrue(); // as another process does

        Model ours = models.update(
                cached.id(),
                any -> true,
                model -> model.withSettings(
                        model.spec(),
                        new Description("ours", model.description().tags())));

        assertThat(ours.description()).isEqualTo(new Description("ours", Map.of("a", "b")));
        assertThat(ours.changes()).isEqualTo(2);
        assertThat(store.update(ours, ours.withSettings(ours.spec(), Description.NONE)))
                .isTrue();
        assertThat(models.get(cached.id()).description()).isEqualTo(ours.description());
        assertThat(models.refresh(cached.id()).description()).isEqualTo(Description.NONE);
    }

    private void publish(long oldestKept) {
        Model current = models.get(cached.id());
        assertThat(store.publish(current, models.nextVersion(current, current), oldestKept))
                .isTrue();
        models.refresh(cached.id());
    }
}
