package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One hash for each of some trainings, the same on every machine, JDK and vector width, and without the Vector API.
 * Whoever changes a hash changes the results of everybody who has named a seed.
 */
class SameBitsTests {

    @Test
    void articlesNetwork() {
        NetworkSpec spec = NetworkSpec.of(
                1,
                Loss.MEAN_SQUARED_ERROR,
                new LayerSpec(6, Activation.SIGMOID),
                new LayerSpec(6, Activation.SIGMOID),
                new LayerSpec(1, Activation.SIGMOID));
        Network start = Network.initialize(spec, Initializer.UNIFORM, 42);
        TrainingPlan plan = TrainingPlan.classic(0.06f).withEpochs(20);

        assertThat(hash(start, plan, ExampleData.probabilities(100, 1, 1))).isEqualTo("b74f349acc28a719");
    }

    @Test
    void batchesWithDropout() {
        NetworkSpec spec = NetworkSpec.of(
                4,
                Loss.CATEGORICAL_CROSSENTROPY,
                new LayerSpec(64, Activation.RELU, 0.2f),
                new LayerSpec(32, Activation.TANH, 0.5f),
                new LayerSpec(3, Activation.SOFTMAX));
        TrainingPlan plan = TrainingPlan.adam(0.001f).withEpochs(10).withSeed(7);

        assertThat(hash(Network.initialize(spec, 42), plan, ExampleData.probabilities(150, 4, 3)))
                .isEqualTo("2b104a2d20c2933a");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 9e07d16748e13647",
        "1, 6e7b532ce6418802",
        "2, ed1c6fbfe858cb9f",
        "3, 2bd0f42f0aeb7cd2",
        "4, 76288dea2883a9a3",
        "5, 7fb64a4106cf62f6"
    })
    void oddSizesWithEachOptimizer(int optimizer, String expected) {
        NetworkSpec spec = NetworkSpec.of(
                101,
                Loss.HUBER,
                new LayerSpec(77, Activation.GELU),
                new LayerSpec(37, Activation.ELU),
                new LayerSpec(19, Activation.SOFTPLUS),
                new LayerSpec(5, Activation.LEAKY_RELU));
        TrainingPlan plan = TrainingPlan.classic(0.01f)
                .withOptimizer(List.of(
                                new Optimizer.Sgd(),
                                new Optimizer.Sgd(0.9f, false),
                                new Optimizer.Sgd(0.9f, true),
                                new Optimizer.RmsProp(),
                                new Optimizer.Adam(),
                                new Optimizer.AdamW())
                        .get(optimizer))
                .withBatches(50, true)
                .withRegularization(new Regularization(1e-4f, 1e-3f, 0.5f))
                .withEpochs(3);

        assertThat(hash(Network.initialize(spec, 42), plan, ExampleData.numbers(230, 101, 5)))
                .isEqualTo(expected);
    }

    /** FNV-1a over the bits of all parameters after the training. */
    private static String hash(Network start, TrainingPlan plan, Examples examples) {
        Network trained = Trainer.start(start, plan, TrainingData.of(examples))
                .train(TrainingListener.NONE)
                .network();
        long hash = 0xcbf29ce484222325L;
        for (float parameter : trained.parameters()) {
            hash = (hash ^ Float.floatToRawIntBits(parameter)) * 0x100000001b3L;
        }
        return Long.toHexString(hash);
    }
}
