package io.backprop.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Activation;
import io.backprop.model.InvalidInputException;
import io.backprop.search.Domain.Choice;
import io.backprop.search.Domain.Range;
import io.backprop.search.Domain.Scale;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamplingTests {

    private static final Range RATE = new Range(SearchField.LEARNING_RATE, 0.001, 0.1, Scale.LOG);
    private static final Range DROPOUT = new Range(SearchField.DROPOUT, 0, 0.5, Scale.LINEAR);
    private static final Range BATCH = new Range(SearchField.BATCH_SIZE, 1, 4, Scale.LINEAR);
    private static final Choice ACTIVATIONS = new Choice(List.of(
            new Setting.HiddenActivation(Activation.RELU),
            new Setting.HiddenActivation(Activation.RELU),
            new Setting.HiddenActivation(Activation.SELU)));

    private static SearchSpace space(Domain... domains) {
        Map<SearchField, Domain> byField = new LinkedHashMap<>();
        for (Domain domain : domains) {
            byField.put(
                    domain instanceof Range range
                            ? range.field()
                            : ((Choice) domain).values().get(0).field(),
                    domain);
        }
        return new SearchSpace(byField);
    }

    private static Choice numbers(SearchField field, double... values) {
        return new Choice(Arrays.stream(values)
                .mapToObj(value -> (Setting) new Setting.Numeric(field, value))
                .toList());
    }

    private static double number(Sampling sampling, int trial, SearchField field) {
        Setting setting = sampling.configuration(trial).settings().get(field);
        return ((Setting.Numeric) Objects.requireNonNull(setting)).value();
    }

    private static double[] sorted(Sampling sampling, SearchField field) {
        return IntStream.range(1, sampling.trials())
                .mapToDouble(trial -> number(sampling, trial, field))
                .sorted()
                .toArray();
    }

    @Test
    void beginsWithTheModelAsItIs() {
        for (SearchStrategy strategy : SearchStrategy.values()) {
            Sampling sampling = Sampling.of(strategy, space(RATE), 9, 1);

            assertThat(sampling.configuration(0)).isEqualTo(Configuration.NONE);
            assertThat(sampling.configuration(1).settings()).containsOnlyKeys(SearchField.LEARNING_RATE);
        }
    }

    @Test
    void coversRangesEvenly() {
        int points = 64;
        Sampling sampling = Sampling.of(SearchStrategy.SOBOL, space(RATE, DROPOUT), points + 1, 7);
        double[] dropouts = sorted(sampling, SearchField.DROPOUT);
        double[] exponents = Arrays.stream(sorted(sampling, SearchField.LEARNING_RATE))
                .map(Math::log10)
                .toArray();

        for (int i = 0; i < points; i++) { // one point in each of 64 intervals, rotated by less than one
            assertThat(dropouts[i]).isBetween(0.5 * (i - 1) / points, 0.5 * (i + 2) / points);
            assertThat(exponents[i]).isBetween(-3 + 2.0 * (i - 1) / points, -3 + 2.0 * (i + 2) / points);
        }
    }

    @Test
    void shiftsPointsBySeed() {
        SearchSpace space = space(RATE, DROPOUT);

        Configuration configuration =
                Sampling.of(SearchStrategy.SOBOL, space, 5, 1).configuration(3);

        assertThat(Sampling.of(SearchStrategy.SOBOL, space, 5, 1).configuration(3))
                .isEqualTo(configuration);
        assertThat(Sampling.of(SearchStrategy.SOBOL, space, 5, 2).configuration(3))
                .isNotEqualTo(configuration);
    }

    @Test
    void hasTheSameTrialsInLargerSearches() {
        SearchSpace space = space(RATE, DROPOUT);

        for (int trial = 0; trial < 10; trial++) {
            assertThat(Sampling.of(SearchStrategy.SOBOL, space, 100, 1).configuration(trial))
                    .isEqualTo(Sampling.of(SearchStrategy.SUCCESSIVE_HALVING, space, 10, 1)
                            .configuration(trial));
        }
    }

    @Test
    void dependsOnNoOrderOfFields() {
        Sampling one = Sampling.of(SearchStrategy.SOBOL, space(RATE, DROPOUT, ACTIVATIONS), 5, 1);
        Sampling other = Sampling.of(SearchStrategy.SOBOL, space(ACTIVATIONS, DROPOUT, RATE), 5, 1);

        for (int trial = 0; trial < 5; trial++) {
            assertThat(one.configuration(trial)).isEqualTo(other.configuration(trial));
        }
    }

    /** The figures pin the sequence, the shift and the mapping, on any JDK. */
    @Test
    void repeatsItself() {
        Sampling sampling = Sampling.of(SearchStrategy.SOBOL, space(RATE, DROPOUT, BATCH), 5, 42);

        assertThat(IntStream.range(1, 5)
                        .mapToObj(trial -> List.of(
                                number(sampling, trial, SearchField.BATCH_SIZE),
                                number(sampling, trial, SearchField.DROPOUT),
                                number(sampling, trial, SearchField.LEARNING_RATE))))
                .containsExactly(
                        List.of(2.0, 0.3007, 0.01145),
                        List.of(4.0, 0.05069, 0.001145),
                        List.of(1.0, 0.4257, 0.03622),
                        List.of(3.0, 0.1757, 0.003622));
    }

    @Test
    void drawsRepeatedValuesMoreOften() {
        Sampling sampling = Sampling.of(SearchStrategy.SOBOL, space(ACTIVATIONS), 301, 3);

        assertThat(IntStream.range(1, 301)
                        .filter(trial -> new Setting.HiddenActivation(Activation.RELU)
                                .equals(sampling.configuration(trial).settings().get(SearchField.ACTIVATION)))
                        .count())
                .isBetween(195L, 205L);
    }

    @Test
    void drawsEachIntegerEquallyOften() {
        Sampling sampling = Sampling.of(SearchStrategy.SOBOL, space(BATCH), 401, 3);
        double[] values = sorted(sampling, SearchField.BATCH_SIZE);

        for (int value = 1; value <= 4; value++) {
            double expected = value;
            assertThat(Arrays.stream(values).filter(drawn -> drawn == expected).count())
                    .isBetween(95L, 105L);
        }
    }

    @Test
    void combinesAllValuesInGrid() {
        Sampling grid =
                Sampling.of(SearchStrategy.GRID, space(ACTIVATIONS, numbers(SearchField.DROPOUT, 0, 0.2), RATE), 20, 1);

        assertThat(grid.trials()).isEqualTo(1 + 2 * 2 * 4); // five points of the range would be 20 + 1 trials
        assertThat(IntStream.range(1, grid.trials())
                        .mapToObj(grid::configuration)
                        .distinct())
                .hasSize(16);
        assertThat(Arrays.stream(sorted(grid, SearchField.LEARNING_RATE)).distinct())
                .containsExactly(0.001, 0.004642, 0.02154, 0.1);
    }

    @Test
    void hasAsManyPointsInGridAsIntegers() {
        Sampling grid = Sampling.of(SearchStrategy.GRID, space(BATCH), 1000, 1);

        assertThat(sorted(grid, SearchField.BATCH_SIZE)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void rejectsGridsWithTooManyPoints() {
        double[] thousand = IntStream.range(0, 1000).mapToDouble(i -> i / 2e3).toArray();
        SearchSpace billion = space(
                numbers(SearchField.DROPOUT, thousand),
                numbers(SearchField.L1, thousand),
                numbers(SearchField.LABEL_SMOOTHING, thousand));

        assertThatThrownBy(() -> Sampling.of(SearchStrategy.GRID, billion, 1000, 1))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("/space/dropout"))
                .hasMessageContaining("at most 999 combinations")
                .hasMessageContaining("1000000000");
    }

    @Test
    void countsHugeGridsWithoutOverflow() {
        double[] thousand = IntStream.range(0, 1000).mapToDouble(i -> i / 2e3).toArray();
        SearchSpace space = space(Stream.of(
                        SearchField.DROPOUT,
                        SearchField.L1,
                        SearchField.L2,
                        SearchField.LABEL_SMOOTHING,
                        SearchField.FRONT_SCALE,
                        SearchField.WEIGHT_DECAY,
                        SearchField.LEARNING_RATE)
                .map(field -> numbers(
                        field,
                        Arrays.stream(thousand).map(value -> value + 1e-4).toArray()))
                .toArray(Domain[]::new));

        assertThatThrownBy(() -> Sampling.of(SearchStrategy.GRID, space, 1000, 1))
                .hasMessageContaining("more than 10^18");
    }

    @Test
    void rejectsInvalidDomains() {
        assertThatThrownBy(() -> new Range(SearchField.DROPOUT, 0, 0.5, Scale.LOG))
                .hasMessage("min must be greater than 0 on a logarithmic scale, but was 0.0");
        assertThatThrownBy(() -> new Range(SearchField.DROPOUT, 0.5, 0.5, Scale.LINEAR))
                .hasMessage("min must be less than max, but was 0.5 and max 0.5");
        assertThatThrownBy(() -> new Range(SearchField.DROPOUT, 0, 1, Scale.LINEAR))
                .hasMessage("max must be at least 0 and less than 1, but was 1.0");
        assertThatThrownBy(() -> new Range(SearchField.BATCH_SIZE, 1, 2.5, Scale.LINEAR))
                .hasMessage("max must be an integer of at least 1, but was 2.5");
        assertThatThrownBy(() -> new Range(SearchField.ACTIVATION, 0, 1, Scale.LINEAR))
                .hasMessage("activation must be values, since they are not numbers");
        assertThatThrownBy(() -> new Choice(List.of())).hasMessage("values must not be empty");
        assertThatThrownBy(() -> new Setting.Numeric(SearchField.LEARNING_RATE, Double.NaN))
                .hasMessage("learningRate must be a finite number, but was NaN");
        assertThatThrownBy(() -> new SearchSpace(Map.of())).hasMessageContaining("at least one setting");
        assertThatThrownBy(() -> new SearchSpace(Map.of(SearchField.L1, RATE)))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("/space/l1"));
    }

    @Test
    void rejectsLayersWithASearchedSettingOfTheirOwn() {
        Choice hidden = new Choice(List.of(
                new Setting.Hidden(List.of()),
                new Setting.Hidden(
                        List.of(new Setting.Layer(8, null, null), new Setting.Layer(8, Activation.TANH, null)))));

        assertThatThrownBy(() -> space(hidden, ACTIVATIONS))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        e -> assertThat(e.field()).isEqualTo("/space/hidden/values/1/1/activation"));
    }
}
