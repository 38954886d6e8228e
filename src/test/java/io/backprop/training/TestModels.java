package io.backprop.training;

import io.backprop.engine.LayerSpec;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Description;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputSpec;
import io.backprop.model.Task;
import io.backprop.tabular.Preprocessing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Linear models without a store. */
final class TestModels {

    private TestModels() {}

    static Model untrained(@Nullable Task task, Preprocessing preprocessing) {
        Architecture architecture = new Architecture(
                null, List.<LayerSpec>of(), null, new OutputSpec(task, null, null, 0, false), null, preprocessing);
        ModelSpec spec = new ModelSpec(
                ModelSpec.Form.LAYERS,
                architecture,
                null,
                null,
                TrainingPlan.adam(0.01f).withEpochs(3).withSeed(5));
        return new Model("m", spec, Description.NONE, 0, null, 0, 0, false, null, null, List.of(), Instant.EPOCH, null);
    }

    /** The model as if it had been published with initial parameters. */
    static Model trained(Model model, ExampleSource.Fitted fitted) {
        ModelSpec spec = model.spec().withArchitecture(fitted.architecture());
        return new Model(
                model.id(),
                spec,
                model.description(),
                model.changes(),
                spec.initialEnsemble(fitted.architecture().networkSpec().orElseThrow()),
                model.version() + 1,
                7,
                false,
                null,
                null,
                List.of(),
                model.createdAt(),
                Instant.EPOCH);
    }

    static TrainingSettings settings(TrainingPlan plan, int folds) {
        return new TrainingSettings(
                null,
                null,
                null,
                Map.of(),
                null,
                plan,
                EnsembleSpec.SINGLE,
                0,
                0,
                null,
                ClassWeights.NONE,
                Duration.ofHours(1),
                false,
                folds,
                null);
    }

    static TrainingCommand command(TrainingCommand.@Nullable Validation validation, int folds) {
        return new TrainingCommand(
                null, 3, null, null, null, null, validation, null, null, ClassWeights.NONE, null, false, folds, null);
    }

    static TrainingCommand command() {
        return command(null, 0);
    }
}
