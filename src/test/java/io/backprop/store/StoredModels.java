package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Network;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Description;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputSpec;
import io.backprop.model.Task;
import io.backprop.tabular.Preprocessing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models for tests of the store. */
public final class StoredModels {

    public static final Instant TIME = Instant.parse("2026-11-24T12:00:00.123456Z");

    private StoredModels() {}

    /** Returns a new model of the given age in seconds. */
    public static Model created(String id, int age) {
        return created(id, age, 3, 4);
    }

    static Model created(String id, int age, int inputs, int hiddenUnits) {
        Architecture architecture = new Architecture(
                inputs,
                List.of(new LayerSpec(hiddenUnits, Activation.RELU)),
                2,
                new OutputSpec(Task.CLASSIFICATION, null, null, 0, false),
                null,
                Preprocessing.NONE);
        ModelSpec spec = new ModelSpec(
                ModelSpec.Form.LAYERS,
                architecture,
                null,
                null,
                TrainingPlan.adam(0.01f).withSeed(age));
        return new Model(
                id,
                spec,
                new Description("text", Map.of("team", "a")),
                0,
                null,
                0,
                0,
                false,
                null,
                null,
                List.of(),
                TIME.minusSeconds(age),
                null);
    }

    /** Returns the model after a training. */
    public static Model next(Model model) {
        Network network =
                Network.initialize(model.spec().architecture().networkSpec().orElseThrow(), model.version() + 100);
        return new Model(
                model.id(),
                model.spec(),
                model.description(),
                model.changes(),
                Ensemble.of(network),
                model.version() + 1,
                model.epochs() + 7,
                model.training(),
                Map.of("accuracy", 0.5),
                Map.of("accuracy", 0.25),
                List.of("column \"a\" is left out"),
                model.createdAt(),
                TIME);
    }

    static void assertSame(Model found, Model expected) {
        assertThat(found).usingRecursiveComparison().ignoringFields("ensemble").isEqualTo(expected);
        assertThat(Optional.ofNullable(found.ensemble()).map(Ensemble::spec))
                .isEqualTo(Optional.ofNullable(expected.ensemble()).map(Ensemble::spec));
        assertThat(Optional.ofNullable(found.ensemble()).map(Ensemble::temperature))
                .isEqualTo(Optional.ofNullable(expected.ensemble()).map(Ensemble::temperature));
        assertThat(parameters(found)).isEqualTo(parameters(expected));
    }

    /** Returns no parameters without a network. */
    static float[] parameters(Model model) {
        Ensemble ensemble = model.ensemble();
        return ensemble == null ? new float[0] : ensemble.networks().get(0).parameters();
    }
}
