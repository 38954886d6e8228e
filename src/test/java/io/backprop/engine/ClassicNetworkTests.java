package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Compares the classic network with a reference computed in double precision by other software. */
class ClassicNetworkTests {

    /** Parameters as in the file: weights layer × unit × input, biases layer × unit. */
    @SuppressWarnings("ArrayRecordComponent") // the shape of the file
    record Epoch(double loss, float[][][] weights, float[][] biases) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Golden(
            String name,
            int[] widths,
            float learningRate,
            String outputActivation,
            float[][][] weights,
            float[][] biases,
            float[][] inputs,
            float[][] targets,
            List<Epoch> epochs,
            float[][] predictions) {

        NetworkSpec spec() {
            List<LayerSpec> layers = new ArrayList<>();
            for (int i = 1; i < widths.length - 1; i++) {
                layers.add(new LayerSpec(widths[i], Activation.SIGMOID));
            }
            Activation output = Activation.valueOf(outputActivation.toUpperCase(Locale.ROOT));
            layers.add(new LayerSpec(widths[widths.length - 1], output));
            return new NetworkSpec(widths[0], layers, new Loss.MeanSquaredError());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Golden> cases() throws IOException {
        try (InputStream json = ClassicNetworkTests.class.getResourceAsStream("/golden/classic.json")) {
            return List.of(new JsonMapper().readValue(json, Golden[].class));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyEpochMatchesTheReference(Golden golden) {
        Network network = Network.of(golden.spec(), layers(golden.weights(), golden.biases()));
        TrainingPlan plan = TrainingPlan.classic(golden.learningRate())
                .withEpochs(golden.epochs().size());
        Trainer trainer = Trainer.start(network, plan, data(golden));
        Recorder recorder = new Recorder(trainer);
        Network trained = trainer.train(recorder).network();

        assertThat(recorder.losses).hasSameSizeAs(golden.epochs());
        for (int i = 0; i < recorder.losses.size(); i++) {
            Epoch epoch = golden.epochs().get(i);
            Network expected = Network.of(golden.spec(), layers(epoch.weights(), epoch.biases()));
            assertThat(recorder.losses.get(i)).isCloseTo(epoch.loss(), within(tolerance(epoch.loss())));
            assertClose(recorder.parameters.get(i), expected.parameters());
        }
        float[] predictions = trained.predict(Matrix.of(golden.inputs())).values();
        assertClose(predictions, Matrix.of(golden.predictions()).values());
    }

    private static TrainingData data(Golden golden) {
        return TrainingData.of(Examples.of(Matrix.of(golden.inputs()), Matrix.of(golden.targets())));
    }

    private static List<LayerParameters> layers(float[][][] weights, float[][] biases) {
        List<LayerParameters> layers = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            layers.add(new LayerParameters(Matrix.of(weights[i]), Vector.of(biases[i])));
        }
        return layers;
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance(expected[i])));
        }
    }

    private static double tolerance(double expected) {
        return Math.max(1e-6, 1e-5 * Math.abs(expected));
    }

    private static final class Recorder implements TrainingListener {
        private final List<Double> losses = new ArrayList<>();
        private final List<float[]> parameters = new ArrayList<>();
        private final Trainer trainer;

        Recorder(Trainer trainer) {
            this.trainer = trainer;
        }

        @Override
        public void epochEnded(EpochReport report, Supplier<Network> network) {
            losses.add(report.loss());
            parameters.add(trainer.state().parameters().values());
        }
    }
}
