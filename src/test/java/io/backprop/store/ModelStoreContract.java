package io.backprop.store;

import static io.backprop.store.StoredModels.TIME;
import static io.backprop.store.StoredModels.assertSame;
import static io.backprop.store.StoredModels.created;
import static io.backprop.store.StoredModels.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Ensemble;
import io.backprop.engine.Network;
import io.backprop.model.CorruptModelException;
import io.backprop.model.Description;
import io.backprop.model.Model;
import io.backprop.model.ModelHead;
import io.backprop.model.ModelPage;
import io.backprop.model.ModelSpec;
import io.backprop.model.ModelStore;
import io.backprop.model.NewerModelException;
import io.backprop.model.PageCursor;
import io.backprop.store.format.Checksum;
import io.backprop.store.format.ParametersFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A store of models in any database, shared by two processes. */
abstract class ModelStoreContract {

    private JdbcClient jdbc;
    private ModelStore store;
    private ModelStore other;

    /** Returns a database with the schema and no models. */
    abstract DataSource emptyDatabase();

    @BeforeEach
    void openTwice() {
        DataSource database = emptyDatabase();
        jdbc = JdbcClient.create(database);
        store = store(database);
        other = store(database);
    }

    private ModelStore store(DataSource database) {
        return TestStore.of(database).models();
    }

    private Model published(String id, int versions) {
        Model model = created(id, 0);
        assertThat(store.add(model)).isTrue();
        for (int i = 0; i < versions; i++) {
            Model next = next(model);
            assertThat(store.publish(model, next, 1)).isTrue();
            model = next;
        }
        return model;
    }

    @Test
    void findsAddedModel() {
        Model model = created("m", 1);

        assertThat(store.add(model)).isTrue();

        assertSame(other.find("m").orElseThrow(), model);
        assertThat(store.find("n")).isEmpty();
        assertThat(store.add(created("m", 2))).isFalse();
        assertSame(other.find("m").orElseThrow(), model);
    }

    @Test
    void findsPublishedParametersBitForBit() {
        Model model = published("m", 3);

        assertSame(other.find("m").orElseThrow(), model);
        assertSame(other.find("m", 3).orElseThrow(), model);
        assertThat(other.find("m", 2)).get().extracting(Model::version).isEqualTo(2L);
        assertThat(other.find("m", 0)).isEmpty();
        assertThat(other.find("m", 4)).isEmpty();
        assertThat(other.versions("m")).extracting(Model::version).containsExactly(3L, 2L, 1L);
    }

    @Test
    void deletesOldVersions() {
        Model model = published("m", 4);

        assertThat(store.publish(model, next(model), 3)).isTrue();

        assertThat(store.versions("m")).extracting(Model::version).containsExactly(5L, 4L, 3L);
        assertThat(store.find("m", 2)).isEmpty();
    }

    @Test
    void rejectsPublicationAfterAnotherOne() {
        Model model = published("m", 1);
        Model first = next(model);
        assertThat(other.publish(model, first, 1)).isTrue();

        assertThat(store.publish(model, next(model), 1)).isFalse();

        assertSame(store.find("m").orElseThrow(), first);
    }

    @Test
    void losesNoConcurrentPublication() throws Exception {
        published("m", 1);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Future<Integer>> counts = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            ModelStore mine = thread % 2 == 0 ? store : other;
            counts.add(pool.submit(() -> {
                int published = 0;
                for (int i = 0; i < 25; i++) {
                    Model model = mine.find("m").orElseThrow();
                    published += mine.publish(model, next(model), model.version()) ? 1 : 0;
                }
                return published;
            }));
        }
        int published = 0;
        for (Future<Integer> count : counts) {
            published += count.get();
        }
        pool.shutdown();

        assertThat(store.find("m").orElseThrow().version()).isEqualTo(1L + published);
    }

    @Test
    void deletesAllVersionsOfModel() {
        Model model = published("m", 2);

        assertThat(store.remove(created("m", 5))).isFalse();
        assertThat(store.remove(model.withTraining(true))).isFalse();
        assertThat(store.remove(model)).isTrue();

        assertThat(store.find("m")).isEmpty();
        assertThat(store.remove("m")).isFalse();
        assertThat(store.publish(model, next(model), 1)).isFalse();
        assertThat(jdbc.sql("select count(*) from model_version")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void listsNewestFirstFromAnyCursor() {
        for (String id : List.of("b", "a", "c", "B")) {
            store.add(created(id, id.equals("c") ? 0 : 1));
        }

        assertThat(ids(store.list(10, null))).containsExactly("c", "b", "a", "B");
        assertThat(store.list(4, null).next()).isNull();
        ModelPage page = store.list(2, null);
        assertThat(ids(page)).containsExactly("c", "b");
        assertThat(ids(store.list(2, page.next()))).containsExactly("a", "B");
        assertThat(ids(store.list(2, new PageCursor(TIME.minusSeconds(1), "B"))))
                .isEmpty();
        for (int year : new int[] {0, 1600, 2262, 9999}) {
            Instant time = Instant.parse("%04d-12-31T23:59:59.999999Z".formatted(year));
            assertThat(ids(store.list(10, new PageCursor(time, "a")))).hasSize(year < 2026 ? 0 : 4);
        }
    }

    @Test
    void limitsSizeOfPage() {
        for (int model = 0; model < 6; model++) {
            store.add(created("m" + model, model));
        }
        jdbc.sql("update model_version set document = :large where model_id <> 'm0'")
                .param("large", "x".repeat(3_000_000)) // corrupt, but read nevertheless
                .update();

        ModelPage first = store.list(100, null);
        assertThat(ids(first)).containsExactly("m0");
        assertThat(first.next()).isEqualTo(new PageCursor(TIME.minusSeconds(2), "m2"));
        assertThat(store.list(100, first.next()).next()).isEqualTo(new PageCursor(TIME.minusSeconds(4), "m4"));
    }

    private static List<String> ids(ModelPage page) {
        return page.models().stream().map(Model::id).toList();
    }

    @Test
    void changesSettingsOfAllVersions() {
        Model model = published("m", 2);
        Model changed = changed(model, "new");

        assertThat(store.update(model, changed)).isTrue();

        assertSame(other.find("m").orElseThrow(), changed);
        Model first = other.find("m", 1).orElseThrow();
        assertThat(first.description()).isEqualTo(changed.description());
        assertThat(first.spec().plan()).isEqualTo(changed.spec().plan());
        assertThat(store.heads(List.of("m"))).containsExactly(new ModelHead("m", TIME, 2, 1, false));
    }

    @Test
    void rejectsChangesOfAnotherState() {
        Model model = published("m", 1);
        Model changed = changed(model, "new");
        assertThat(store.update(model, changed)).isTrue();

        assertThat(other.update(model, changed(model, "other"))).isFalse();
        assertThat(other.update(changed.withTraining(true), changed(changed, "other")))
                .isFalse();
        assertThat(other.publish(model, next(model), 1)).isFalse();
        assertThat(other.remove(model)).isFalse();
        assertSame(store.find("m").orElseThrow(), changed);
    }

    private static Model changed(Model model, String text) {
        ModelSpec spec = model.spec();
        return model.withSettings(
                spec.withSettings(spec.described().hidden(), spec.plan().withBatches(7, true)),
                new Description(text, Map.of("team", "b")));
    }

    @Test
    void headsReflectChanges() {
        published("m", 2);
        store.add(created("n", 1));
        jdbc.sql("update model set training = 1 where id = 'm'").update();

        assertThat(store.heads(List.of("m", "n", "none")))
                .containsExactlyInAnyOrder(
                        new ModelHead("m", TIME, 2, 0, true), new ModelHead("n", TIME.minusSeconds(1), 0, 0, false));
        assertThat(store.heads(List.of())).isEmpty();
    }

    @Test
    void modelOfNewerVersionIsNotCorrupt() {
        published("m", 2);
        store.add(created("n", 1));
        String document = jdbc.sql("select document from model where id = 'm'")
                .query(String.class)
                .single()
                .replace("\"format\":1", "\"format\":2");
        jdbc.sql("update model set document = ?, checksum = ? where id = 'm'")
                .params(document, Checksum.of(document))
                .update();

        assertThatThrownBy(() -> store.find("m"))
                .isInstanceOf(NewerModelException.class)
                .hasMessageContaining("was written by a newer version of the service");
        assertThatThrownBy(() -> store.findWithoutNetwork("m")).isInstanceOf(NewerModelException.class);
        assertThat(ids(store.list(3, null))).containsExactly("n");
    }

    @Test
    void readsSettingsWithoutTheNetwork() {
        Model model = published("m", 2);

        Model settings = store.findWithoutNetwork("m").orElseThrow();

        assertThat(settings.revision()).isEqualTo(model.revision());
        assertThat(settings.ensemble()).isNull();
        assertThat(store.findWithoutNetwork("none")).isEmpty();
    }

    @Test
    void restoresAllNetworksAndTheirTemperature() {
        Model created = StoredModels.created("m", 1);
        store.add(created);
        Model next = StoredModels.next(created);
        Network network = Objects.requireNonNull(next.ensemble()).networks().get(0);
        Ensemble ensemble = Ensemble.of(List.of(network, Network.initialize(network.spec(), 3)))
                .withTemperature(1.25);
        Model published =
                next.withParameters(next.spec().architecture(), ensemble, 7, next.trainingMetrics(), null, List.of());
        AtomicLong bytes = new AtomicLong();

        assertThat(store.publish(created, published, 1)).isTrue();

        Ensemble found = Objects.requireNonNull(
                store.find("m", bytes::addAndGet).orElseThrow().ensemble());
        assertThat(found.networks())
                .extracting(Network::parameterVector)
                .containsExactly(
                        network.parameterVector(), ensemble.networks().get(1).parameterVector());
        assertThat(found.temperature()).isEqualTo(1.25);
        assertThat(bytes).hasValue(2L * network.spec().parameterCount() * Float.BYTES);
    }

    @Test
    void reportsCorruptVersionsAndListsTheOthers() {
        Model model = published("m", 2);
        store.add(created("n", 1));
        store.add(created("o", 2));
        jdbc.sql("update model_version set document = replace(document, 'RELU', 'TANH') where model_id = 'n'")
                .update();
        List<byte[]> parameters = new ArrayList<>();
        ParametersFormat.write(Objects.requireNonNull(model.ensemble()).networks(), parameters::add);
        parameters.get(0)[40] ^= 1;
        jdbc.sql("""
            update blob_chunk set bytes = :bytes
            where blob_id = (select id from blob where model_id = 'm' and version = 2)\
            """).param("bytes", parameters.get(0)).update();

        assertThatThrownBy(() -> store.find("n"))
                .isInstanceOf(CorruptModelException.class)
                .hasMessage("version 0 of the model \"n\" is corrupt; restore another version, or delete the model");
        assertThatThrownBy(() -> store.find("m"))
                .isInstanceOf(CorruptModelException.class)
                .hasMessageContaining("version 2 of the model \"m\"");
        assertThat(store.find("m", 1)).isPresent();
        assertThat(ids(store.list(3, null))).containsExactly("m", "o");
        assertThat(store.remove("n")).isTrue();
    }
}
