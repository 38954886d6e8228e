package io.backprop.tabular;

import static io.backprop.tabular.TextTable.csv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Matrix;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableExamplesTests {

    private static final String[] PENGUINS = {
        "island,mass,sex,species",
        "Biscoe,4000,male,Gentoo",
        "Dream,3000,,Adelie",
        "Biscoe,NA,female,Gentoo",
        "Torgersen,5000,male,Adelie",
        "Dream,4000,female,",
    };

    @Test
    void standardizesNumbersAndEncodesCategoriesOneHot() {
        TableExamples examples = examples(csv(PENGUINS), "species");
        List<Feature> features = examples.fit(all(examples), ScalingMethod.STANDARD);
        double deviation = Math.sqrt(2_000_000 / 3.0);
        assertThat(features)
                .containsExactly(
                        new Feature.Categorical("island", List.of("Biscoe", "Dream", "Torgersen"), false),
                        new Feature.Numeric(
                                "mass", new ColumnScaling(4000, deviation), new NumberRange(3000, 4000, 5000), false),
                        new Feature.Categorical("sex", List.of("male", "female"), true));
        float one = (float) (1000 / deviation);
        assertThat(examples.encode(features, all(examples))).isEqualTo(Matrix.of(new float[][] {
            {1, 0, 0, 0, 1, 0, 0}, {0, 1, 0, -one, 0, 0, 1}, {1, 0, 0, 0, 0, 1, 0}, {0, 0, 1, one, 1, 0, 0}
        }));
    }

    @Test
    void ignoresAndCountsRowsWithoutTarget() {
        TableExamples examples = examples(csv(PENGUINS), "species");
        assertThat(examples.rows()).isEqualTo(4);
        assertThat(examples.targets()).isEqualTo(new Targets.Labels(List.of("Gentoo", "Adelie", "Gentoo", "Adelie")));
        assertThat(examples.warnings().toList())
                .containsExactly("1 row is ignored because the target \"species\" is missing");
    }

    @Test
    void fitsFeaturesToTheTrainingRowsAlone() {
        TableExamples examples = examples(csv("x,w,y", "1,a,10", "3,b,20", "1,a,30", "99,c,40"), "y");
        List<Feature> features = examples.fit(new int[] {0, 1, 2}, ScalingMethod.STANDARD);
        assertThat(features.get(0)).isInstanceOf(Feature.Numeric.class);
        assertThat(((Feature.Numeric) features.get(0)).scale().offset()).isEqualTo(5 / 3.0);
        assertThat(features.get(1)).isEqualTo(new Feature.Categorical("w", List.of("a", "b"), false));
        assertThat(examples.encode(features, new int[] {3}).row(0)[1]).isZero();
        assertThat(examples.warnings().toList())
                .containsExactly("column \"w\": 1 cell with categories not seen in training, such as \"c\"");
    }

    @Test
    void returnsUnscaledNumericTargets() {
        assertThat(examples(csv("x,y", "1,10.5", "2,-3"), "y").targets())
                .isEqualTo(new Targets.Numbers(Matrix.of(new float[][] {{10.5f}, {-3}})));
    }

    @Test
    void acceptsNumbersAsNamesOfClasses() {
        Table table = csv("x,y", "1,0", "2,1");
        assertThat(TableExamples.of(table, "y", Map.of(), ColumnType.CATEGORICAL)
                        .targets())
                .isEqualTo(new Targets.Labels(List.of("0", "1")));
        assertThat(TableExamples.of(table, "y", Map.of("y", ColumnType.CATEGORICAL), null)
                        .targets())
                .isEqualTo(new Targets.Labels(List.of("0", "1")));
    }

    @Test
    void dropsUselessColumnsWithAWarning() {
        TableExamples examples = examples(
                csv("id,always,same,none,x,y", "u1,7,w,,1,a", "u2,7.0,w,,2,b", "u3,7,w,NA,3,a", "u4,,w,,1,b"), "y");
        assertThat(examples.fit(all(examples), ScalingMethod.STANDARD))
                .extracting(Feature::name)
                .containsExactly("x");
        assertThat(examples.warnings().toList())
                .containsExactly(
                        "column \"id\" is ignored because it has a different value in every row",
                        "column \"always\" is ignored because it has the same value in every row",
                        "column \"same\" is ignored because it has the same value in every row",
                        "column \"none\" is ignored because it has no values");
    }

    @Test
    void dropsTimesThatAreEqualAsFloats() {
        TableExamples examples = examples(
                csv("x,at,y", "1,2024-01-01T10:00:00Z,1", "2,2024-01-01T10:00:10Z,2", "3,2024-01-01T10:00:20Z,3"), "y");
        assertThat(examples.fit(all(examples), ScalingMethod.STANDARD))
                .extracting(Feature::name)
                .containsExactly("x");
        assertThat(examples.warnings().toList())
                .containsExactly(
                        "column \"at\" is ignored because it has the same time in every row, to within a few minutes");
    }

    @Test
    void usesTheTypesOfTheCaller() {
        TableExamples examples = TableExamples.of(
                csv("zip,id,x,y", "10,1,1,a", "10,2,2,b", "20,3,3,a"),
                "y",
                Map.of("zip", ColumnType.CATEGORICAL, "id", ColumnType.IGNORE),
                null);
        List<Feature> features = examples.fit(all(examples), ScalingMethod.STANDARD);
        assertThat(features).extracting(Feature::name).containsExactly("zip", "x");
        assertThat(features.get(0)).isEqualTo(new Feature.Categorical("zip", List.of("10", "20"), false));
        assertThat(examples.warnings().toList()).isEmpty();
    }

    @Test
    void encodesDatesAsDays() {
        TableExamples examples = examples(csv("d,y", "1970-01-02,1", "1970-01-04T12:00:00Z,2"), "y");
        assertThat(examples.fit(all(examples), ScalingMethod.STANDARD))
                .containsExactly(
                        new Feature.Numeric("d", new ColumnScaling(2.25, 1.25), new NumberRange(1, 2.25f, 3.5f), true));
    }

    @Test
    void encodesTheSameInputsWhenItReleasesTheTable() {
        String[] lines = IntStream.range(-1, 2000)
                .mapToObj(row -> row < 0 ? "a,y,b,c" : row % 1500 + ".25," + row + "," + row * 7 % 11 + "," + -row)
                .toArray(String[]::new);
        int[] some = IntStream.range(0, 2000).filter(row -> row % 3 > 0).toArray();
        TableExamples examples = examples(csv(lines), "y");
        List<Feature> features = examples.fit(some, ScalingMethod.STANDARD);
        Matrix encoded = examples.encode(features, some);
        assertThat(examples.encodeAndRelease(features, some)).isEqualTo(encoded);
        assertThatThrownBy(() -> examples.encode(features, some))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has been released");
    }

    @Test
    void findsTheColumnsOfAModelByName() {
        List<Feature> features = List.of(
                new Feature.Numeric("a", new ColumnScaling(1, 2), new NumberRange(1, 2, 4), false),
                new Feature.Categorical("b", List.of("u", "v"), false));
        TableExamples examples = examples(csv("more,b,y,a", "q,v,1,3", "r,w,2,", "s,,1,5"), "y");
        assertThat(examples.encode(features, all(examples))).isEqualTo(Matrix.of(new float[][] {
            {1, 0, 1}, {0, 0, 0}, {2, 0, 0}
        }));
        assertThat(examples.warnings().toList())
                .containsExactly("column \"b\": 1 cell with categories not seen in training, such as \"w\"");
        rejects("the model needs column \"a\", but the table has only \"b\", \"y\"", features, "b,y", "u,1");
        rejects(
                "line 3: column \"a\" must be a number, but is \"x\"; invalidCells=missing takes such cells as missing",
                features,
                "a,b,y",
                "1,u,1",
                "x,v,1");
    }

    private static void rejects(String message, List<Feature> features, String... lines) {
        TableExamples examples = examples(csv(lines), "y");
        assertThatThrownBy(() -> examples.encode(features, all(examples)))
                .isInstanceOf(TableException.class)
                .hasMessage(message);
    }

    private static TableExamples examples(Table table, String target) {
        return TableExamples.of(table, target, Map.of(), null);
    }

    private static int[] all(TableExamples examples) {
        return IntStream.range(0, examples.rows()).toArray();
    }
}
