package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Uses a layer of 300 inputs and 200 units, that is 60,000 weights. */
class InitializerTests {

    private static final int INPUTS = 300;
    private static final int UNITS = 200;
    private static final int WEIGHTS = INPUTS * UNITS;

    @ParameterizedTest
    @CsvSource({
        "UNIFORM, 0, 1",
        "GLOROT_UNIFORM, -0.109545, 0.109545", // √(6/500)
        "HE_UNIFORM, -0.141421, 0.141421" // √(6/300)
    })
    void uniformWeightsCoverTheirRange(Initializer initializer, double from, double to) {
        float[] weights = weights(initializer);
        DoubleSummaryStatistics statistics = statistics(weights);
        double width = to - from;
        assertThat(statistics.getMin()).isBetween(from - 1e-6, from + 0.001 * width);
        assertThat(statistics.getMax()).isBetween(to - 0.001 * width, to + 1e-6);
        assertThat(statistics.getAverage()).isCloseTo((from + to) / 2, within(5 * width / Math.sqrt(12.0 * WEIGHTS)));
        assertThat(moment(weights, statistics.getAverage(), 2)).isCloseTo(width * width / 12, within(0.01 * width));
        assertThat(kurtosis(weights)).isCloseTo(1.8, within(0.05));
    }

    @ParameterizedTest
    @CsvSource({
        "NORMAL, 1",
        "GLOROT_NORMAL, 0.0632456", // √(2/500)
        "HE_NORMAL, 0.0816497", // √(2/300)
        "NTK_NORMAL, 0.0577350" // √(1/300)
    })
    void normalWeightsHaveTheirDeviation(Initializer initializer, double deviation) {
        float[] weights = weights(initializer);
        assertThat(statistics(weights).getAverage()).isCloseTo(0, within(5 * deviation / Math.sqrt(WEIGHTS)));
        assertThat(Math.sqrt(moment(weights, 0, 2)) / deviation).isCloseTo(1, within(0.01));
        assertThat(kurtosis(weights)).isCloseTo(3, within(0.1));
    }

    @ParameterizedTest
    @EnumSource(
            value = Initializer.class,
            names = {"UNIFORM", "NORMAL", "NTK_NORMAL"})
    void someInitializersAlsoDrawBiases(Initializer initializer) {
        float[] biases = biases(initializer);
        assertThat(biases).hasSize(UNITS).doesNotHaveDuplicates();
        assertThat(moment(biases, statistics(biases).getAverage(), 2)).isGreaterThan(0.05);
    }

    @ParameterizedTest
    @EnumSource(
            value = Initializer.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"UNIFORM", "NORMAL", "NTK_NORMAL"})
    void otherInitializersLeaveBiasesAtZero(Initializer initializer) {
        assertThat(biases(initializer)).containsOnly(0);
    }

    @Test
    void ntkNormalBiasesHaveDeviationOne() {
        assertThat(Math.sqrt(moment(biases(Initializer.NTK_NORMAL), 0, 2))).isCloseTo(1, within(0.2));
    }

    @Test
    void ntkNormalLeavesTheOutputLayerAtZero() {
        LayerParameters output = network(Initializer.NTK_NORMAL, 3).layers().get(1);
        assertThat(output.weights().values()).containsOnly(0);
        assertThat(output.biases().values()).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource(Initializer.class)
    void bitsDependOnTheSeed(Initializer initializer) {
        assertThat(network(initializer, 1).parameters())
                .isEqualTo(network(initializer, 1).parameters())
                .isNotEqualTo(network(initializer, 2).parameters());
    }

    @Test
    void rectifiersUseHeAndOthersGlorot() {
        assertThat(Activation.values())
                .filteredOn(activation -> Initializer.defaultFor(activation) == Initializer.HE_NORMAL)
                .containsExactly(
                        Activation.RELU,
                        Activation.LEAKY_RELU,
                        Activation.ELU,
                        Activation.GELU,
                        Activation.SILU,
                        Activation.MISH,
                        Activation.SOFTPLUS);
        assertThat(Initializer.defaultFor(Activation.TANH)).isEqualTo(Initializer.GLOROT_UNIFORM);
    }

    @Test
    void initializesEachLayerForItsActivation() {
        NetworkSpec spec = NetworkSpec.of(
                INPUTS,
                new Loss.MeanSquaredError(),
                new LayerSpec(UNITS, Activation.RELU),
                new LayerSpec(INPUTS, Activation.LINEAR));
        Network network = Network.initialize(spec, 3);
        float[] hidden = network.layers().get(0).weights().values();
        float[] output = network.layers().get(1).weights().values();
        assertThat(Math.sqrt(moment(hidden, 0, 2))).isCloseTo(Math.sqrt(2.0 / INPUTS), within(0.002));
        assertThat(statistics(output).getMax()).isCloseTo(Math.sqrt(6.0 / 500), within(0.001));
    }

    private static Network network(Initializer initializer, long seed) {
        NetworkSpec spec = NetworkSpec.of(
                INPUTS,
                new Loss.MeanSquaredError(),
                new LayerSpec(UNITS, Activation.SIGMOID),
                new LayerSpec(2, Activation.LINEAR));
        return Network.initialize(spec, initializer, seed);
    }

    private static float[] weights(Initializer initializer) {
        return Arrays.copyOf(network(initializer, 1).parameters(), WEIGHTS);
    }

    private static float[] biases(Initializer initializer) {
        return Arrays.copyOfRange(network(initializer, 1).parameters(), WEIGHTS, WEIGHTS + UNITS);
    }

    private static DoubleSummaryStatistics statistics(float[] values) {
        DoubleSummaryStatistics statistics = new DoubleSummaryStatistics();
        for (float value : values) {
            statistics.accept(value);
        }
        return statistics;
    }

    private static double kurtosis(float[] values) {
        double mean = statistics(values).getAverage();
        return moment(values, mean, 4) / Math.pow(moment(values, mean, 2), 2);
    }

    private static double moment(float[] values, double center, int power) {
        double sum = 0;
        for (float value : values) {
            sum += Math.pow(value - center, power);
        }
        return sum / values.length;
    }
}
