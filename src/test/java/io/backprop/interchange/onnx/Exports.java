package io.backprop.interchange.onnx;

import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Description;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputSpec;
import io.backprop.model.Task;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.Preprocessing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Models to export, with initial parameters. */
final class Exports {

    private Exports() {}

    /** A model of one network with a hidden layer of five units. */
    static Model model(Activation hidden, Activation output, Loss loss, int outputs) {
        Task task = loss.isCrossentropy() ? Task.CLASSIFICATION : Task.REGRESSION;
        return model(
                architecture(
                        task, 4, List.of(new LayerSpec(5, hidden)), output, loss, outputs, null, Preprocessing.NONE),
                1,
                1);
    }

    static Architecture architecture(
            Task task,
            int inputs,
            List<LayerSpec> hidden,
            Activation output,
            Loss loss,
            int outputs,
            @Nullable ClassEncoding classes,
            Preprocessing preprocessing) {
        return new Architecture(
                inputs, hidden, outputs, new OutputSpec(task, output, loss, 0, false), classes, preprocessing);
    }

    /** A model of several networks, whose biases are not 0. */
    static Model model(Architecture architecture, int networks, double temperature) {
        NetworkSpec network = architecture.networkSpec().orElseThrow();
        List<Network> members = IntStream.range(0, networks)
                .mapToObj(seed -> Network.initialize(network, seed))
                .map(Exports::withBiases)
                .toList();
        return model(architecture, Ensemble.of(members).withTemperature(temperature));
    }

    private static Network withBiases(Network network) {
        float[] parameters = network.parameters();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += 0.03f * (i % 7 - 3);
        }
        return Network.of(network.spec(), parameters);
    }

    static Model model(Architecture architecture, @Nullable Ensemble ensemble) {
        int networks = ensemble == null ? 1 : ensemble.networks().size();
        boolean calibrated = ensemble != null && ensemble.temperature() != 1;
        ModelSpec spec = new ModelSpec(ModelSpec.Form.LAYERS, architecture, null, null, TrainingPlan.adam(0.001f))
                .withEnsemble(new EnsembleSpec(networks, EnsembleSpec.By.SEED), calibrated);
        return new Model(
                "m",
                spec,
                new Description("A model.", Map.of()),
                0,
                ensemble,
                3,
                1,
                false,
                null,
                null,
                List.of(),
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
