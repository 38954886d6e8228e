package io.backprop.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.ServiceTestBase;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** Changes of models by other processes, of which this one learns by the store. */
class ModelServiceTests extends ServiceTestBase {

    @Autowired
    private ModelService models;

    @Autowired
    private ModelStore store;

    @Autowired
    private ModelCache all;

    @Autowired
    private JdbcTemplate jdbc;

    private Model served;
    private Publication publication;

    @BeforeEach
    void serve() {
        String id = create("\"hidden\": [], \"inputs\": 1, \"outputs\": 1");
        put("/models/" + id + "/parameters", "{\"layers\": [{\"weights\": [[1]], \"biases\": [0]}]}");
        served = models.get(id);
        publication = Publication.of(served);
    }

    @Test
    void trainingMayStartFromAVersionNotYetServed() {
        Model trained = served.publish(publication, Instant.EPOCH);
        assertThat(store.publish(served, trained, 1)).isTrue(); // as another process does

        assertThat(models.nextVersion(trained, publication).version()).isEqualTo(3);
    }

    @Test
    void trainingMayBelongToAModelWhosePredecessorIsStillServed() {
        Model trained =
                Model.create(served.id(), served.spec(), served.createdAt().plusSeconds(1));
        assertThat(store.remove(served) && store.add(trained)).isTrue();

        assertThat(models.nextVersion(trained, publication).version()).isEqualTo(1);
    }

    @Test
    void earlierVersionIsReadOnce() {
        assertThat(store.publish(served, models.nextVersion(served, publication), 1))
                .isTrue();
        models.refresh(served.id());

        Model earlier = models.get(served.id(), 1L);
        assertThat(earlier.network()).isNotNull();
        assertThat(models.get(served.id(), 1L)).isSameAs(earlier);
        assertThatThrownBy(() -> models.get(served.id(), 3L))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("is not kept");
    }

    @Test
    void whereThereIsNoOtherProcessOnlyTheEndsOfTrainingsAreLookedFor() {
        assertThat(store.isShared()).isFalse();
        assertThat(store.publish(served, served.publish(publication, Instant.EPOCH), 1))
                .isTrue();
        all.refresh();
        assertThat(models.get(served.id()).version()).isEqualTo(served.version());

        jdbc.update("update model set training = 1 where id = ?", served.id());
        assertThat(models.refresh(served.id()).training()).isTrue();
        jdbc.update("update model set training = null where id = ?", served.id());
        all.refresh();
        assertThat(models.get(served.id()).training()).isFalse();
    }
}
