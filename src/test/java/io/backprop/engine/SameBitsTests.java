package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Golden hashes of trained parameters, which are the same on every machine, JDK and vector width, with and without the
 * Vector API. A changed hash changes the results of all users who rely on a seed.
 */
class SameBitsTests {

    @Test
    void classicNetworkHasTheGoldenBits() {
        NetworkSpec spec = NetworkSpec.of(
                1,
                new Loss.MeanSquaredError(),
                new LayerSpec(6, Activation.SIGMOID),
                new LayerSpec(6, Activation.SIGMOID),
                new LayerSpec(1, Activation.SIGMOID));
        Network start = Network.initialize(spec, Initializer.UNIFORM, 42);
        TrainingPlan plan = TrainingPlan.classic(0.06f).withEpochs(20);

        assertThat(hash(start, plan, ExampleData.probabilities(100, 1, 1))).isEqualTo("53ef56534fd7db90");
    }

    @Test
    void batchesWithDropoutHaveTheGoldenBits() {
        NetworkSpec spec = NetworkSpec.of(
                4,
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(64, Activation.RELU, 0.2f),
                new LayerSpec(32, Activation.TANH, 0.5f),
                new LayerSpec(3, Activation.SOFTMAX));
        TrainingPlan plan = TrainingPlan.adam(0.001f).withEpochs(10).withSeed(7);

        assertThat(hash(Network.initialize(spec, 42), plan, ExampleData.probabilities(150, 4, 3)))
                .isEqualTo("2b104a2d20c2933a");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8eec1e04bfdea08b",
        "1, a345c53cbb86039d",
        "2, 52c7f5858e058e12",
        "3, ee3b1138a2f54186",
        "4, d1fd9f2f9d2d4266",
        "5, 5088a2d39b6b32c0"
    })
    void oddSizesKeepTheirBitsWithEachOptimizer(int optimizer, String expected) {
        NetworkSpec spec = NetworkSpec.of(
                101,
                new Loss.Huber(),
                new LayerSpec(77, Activation.GELU),
                new LayerSpec(37, Activation.ELU),
                new LayerSpec(19, Activation.SOFTPLUS),
                new LayerSpec(5, Activation.LEAKY_RELU));
        TrainingPlan plan = TrainingPlan.classic(0.01f)
                .withOptimizer(List.<Optimizer>of(
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

    @Test
    void smoothActivationsHaveTheGoldenBits() {
        NetworkSpec spec = NetworkSpec.of(
                23,
                new Loss.Quantile(0.8f),
                new LayerSpec(45, Activation.SELU),
                new LayerSpec(37, Activation.MISH),
                new LayerSpec(29, Activation.SILU),
                new LayerSpec(3, Activation.EXPONENTIAL));
        TrainingPlan plan = TrainingPlan.adam(0.001f).withEpochs(5).withSeed(7);

        assertThat(hash(Network.initialize(spec, 42), plan, ExampleData.numbers(150, 23, 3)))
                .isEqualTo("6c60630875ddd984");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void bitsDoNotDependOnTheNumberOfThreads(int threads) {
        NetworkSpec spec = NetworkSpec.of(
                300,
                new Loss.MeanSquaredError(),
                new LayerSpec(257, Activation.RELU),
                new LayerSpec(131, Activation.RELU),
                new LayerSpec(2, Activation.LINEAR));
        TrainingPlan plan = TrainingPlan.adam(0.001f).withBatches(128, true).withEpochs(2);
        Network trained = Trainer.start(
                        Network.initialize(spec, 42), plan, TrainingData.of(ExampleData.numbers(256, 300, 2)))
                .using(Threads.of(threads))
                .train(TrainingListener.NONE)
                .network();
        assertThat(hash(trained)).isEqualTo("1696408ae3b0a0fa");
    }

    @ParameterizedTest
    @CsvSource({
        "1, SELU, e93df5646ffdea80",
        "2, SELU, e93df5646ffdea80",
        "3, SELU, e93df5646ffdea80",
        "1, MISH, db3c174455c5e987",
        "2, MISH, db3c174455c5e987",
        "3, MISH, db3c174455c5e987"
    })
    void tabularRecipeHasTheGoldenBitsOnAnyNumberOfThreads(int threads, Activation activation, String expected) {
        LayerSpec hidden = new LayerSpec(128, activation);
        NetworkSpec spec = NetworkSpec.of(
                21,
                new Loss.CategoricalCrossentropy(0.1f),
                hidden,
                hidden,
                hidden,
                new LayerSpec(3, Activation.SOFTMAX));
        TrainingPlan plan = TrainingPlan.classic(0.04f)
                .withOptimizer(new Optimizer.Adam(0.9f, 0.95f, 1e-8f))
                .withSchedule(new LearningRateSchedule.CosLog(4))
                .withLearningRateFactors(LearningRateFactors.of(0.125f, 0.1f))
                .withFrontScale(6)
                .withBatches(256, true)
                .withDropRemainder(true)
                .withEpochs(5);
        Network trained = Trainer.start(
                        Network.initialize(spec, Initializer.NTK_NORMAL, 42),
                        plan,
                        TrainingData.of(ExampleData.probabilities(600, 21, 3)))
                .using(Threads.of(threads))
                .train(TrainingListener.NONE)
                .network();
        assertThat(hash(trained)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1, 16dc8a56ebaad71b",
        "2, 2, 16dc8a56ebaad71b",
        "2, 3, 16dc8a56ebaad71b",
        "64, 1, e6126fd82ac24b0f",
        "64, 2, e6126fd82ac24b0f",
        "64, 3, e6126fd82ac24b0f",
    })
    void shardsHaveTheGoldenBitsOnAnyNumberOfThreads(int shards, int threads, String expected) {
        NetworkSpec spec = NetworkSpec.of(
                101,
                new Loss.CategoricalCrossentropy(0.1f),
                new LayerSpec(128, Activation.SELU, 0.1f),
                new LayerSpec(77, Activation.MISH),
                new LayerSpec(3, Activation.SOFTMAX));
        TrainingPlan plan = TrainingPlan.adam(0.001f)
                .withFrontScale(6)
                .withRegularization(new Regularization(0, 1e-3f, 0.5f))
                .withBatches(500, true)
                .withShards(shards)
                .withEpochs(3)
                .withSeed(7);
        Examples examples = ExampleData.probabilities(1700, 101, 3).withWeights(ExampleData.weights(1700));
        int[] order = IntStream.range(0, examples.size()).toArray();
        new SplitMix64(threads).shuffle(order);
        Trainer trainer = Trainer.start(Network.initialize(spec, 42), plan, TrainingData.of(examples.select(order)));
        assertThat(hash(trainer.using(Threads.of(threads))
                        .train(TrainingListener.NONE)
                        .network()))
                .isEqualTo(expected);
    }

    /** The weights of the first input get no gradient for 800 steps. */
    @Test
    void flushedOptimizerStateHasTheGoldenBits() {
        NetworkSpec spec = NetworkSpec.of(
                2, new Loss.MeanSquaredError(), new LayerSpec(5, Activation.TANH), new LayerSpec(1, Activation.LINEAR));
        float[] inputs = new float[2 * 1600];
        for (int row = 0; row < 1600; row++) {
            inputs[2 * row + row / 800] = 1;
        }
        Examples sorted = Examples.of(
                Matrix.wrap(1600, 2, inputs), ExampleData.numbers(1600, 1, 1).targets());
        TrainingPlan plan = TrainingPlan.adam(0.001f).withBatches(1, false).withEpochs(1);
        Trainer trainer = Trainer.start(Network.initialize(spec, 42), plan, TrainingData.of(sorted));
        trainer.train(TrainingListener.NONE);
        assertThat(hash(trainer.state().optimizerState().values())).isEqualTo("e8006a134bb0969");
    }

    private static String hash(Network start, TrainingPlan plan, Examples examples) {
        return hash(Trainer.start(start, plan, TrainingData.of(examples))
                .train(TrainingListener.NONE)
                .network());
    }

    private static String hash(Network trained) {
        return hash(trained.parameters());
    }

    /** FNV-1a hash of the bits. */
    static String hash(float[] values) {
        long hash = 0xcbf29ce484222325L;
        for (float value : values) {
            hash = (hash ^ Float.floatToRawIntBits(value)) * 0x100000001b3L;
        }
        return Long.toHexString(hash);
    }
}
