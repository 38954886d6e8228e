package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.Targets;
import io.backprop.tabular.TextTable;
import io.backprop.training.TrainingCommand.Share;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A training with shards chooses rows for validation by their content. */
class ContentSplitTests {

    private static final RowDivision BY_GROUP = new RowDivision(RowDivision.Kind.GROUP, "g");

    private final Model model = TestModels.untrained(null, Preprocessing.Standardized.UNKNOWN);
    private final TrainingPreparation preparation = new TrainingPreparation(
            mock(ModelService.class),
            new Binder(new MapConfigurationPropertySource(Map.of()))
                    .bindOrCreate("backprop.limits", RequestLimits.class),
            new MemoryBudget(1L << 30, 1L << 30),
            mock(ComputeBudget.class));

    private static TrainingCommand command(float share, @Nullable RowDivision division) {
        return new TrainingCommand(
                null,
                1,
                null,
                4,
                null,
                null,
                new Share(share),
                division,
                null,
                ClassWeights.NONE,
                null,
                false,
                0,
                null);
    }

    private static int[] shuffled(int rows, int seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    private PreparedTraining ofTable(int[] order, @Nullable RowDivision division) {
        List<String> lines = new ArrayList<>(List.of("x,g,color,y"));
        for (int row : order) {
            lines.add("%s,g%d,%s,%s".formatted(row * 0.37f, row % 20, row % 3 == 0 ? "red" : "blue", row % 17));
        }
        String[] table = lines.toArray(String[]::new);
        return preparation.prepare(
                model,
                command(0.3f, division),
                new TableSource(
                        division == null ? TextTable.csv(table) : TextTable.csv(division, table), "y", Map.of()));
    }

    private PreparedTraining ofMatrix(int[] order) {
        float[] inputs = new float[2 * order.length];
        float[] targets = new float[order.length];
        for (int i = 0; i < order.length; i++) {
            inputs[2 * i] = order[i];
            inputs[2 * i + 1] = order[i] % 7;
            targets[i] = 0.1f * order[i];
        }
        return preparation.prepare(
                model,
                command(0.3f, null),
                new MatrixSource(
                        Matrix.wrap(order.length, 2, inputs),
                        new Targets.Numbers(Matrix.wrap(order.length, 1, targets)),
                        null));
    }

    private static Examples validation(PreparedTraining prepared) {
        return Objects.requireNonNull(prepared.data().validation());
    }

    @Test
    void doesNotDependOnTheOrderOfATable() {
        int[] inOrder = IntStream.range(0, 300).toArray();
        for (RowDivision division : new RowDivision[] {null, BY_GROUP}) {
            PreparedTraining one = ofTable(inOrder, division);
            PreparedTraining other = ofTable(shuffled(300, 1), division);
            assertThat(validation(one).size()).isBetween(45, 135);
            assertThat(one.data().training().size() + validation(one).size()).isEqualTo(300);
            assertSame(one, other);
        }
    }

    @Test
    void doesNotDependOnTheOrderOfMatrices() {
        PreparedTraining one = ofMatrix(IntStream.range(0, 300).toArray());
        assertThat(validation(one).size()).isBetween(60, 120);
        assertSame(one, ofMatrix(shuffled(300, 2)));
    }

    private static void assertSame(PreparedTraining one, PreparedTraining other) {
        assertThat(other.architecture()).isEqualTo(one.architecture());
        assertThat(validation(other).inputs()).isEqualTo(validation(one).inputs());
        assertThat(validation(other).targets()).isEqualTo(validation(one).targets());
    }

    @Test
    void rejectsAShareOfWhichNoRowIs() {
        TableSource source = new TableSource(TextTable.csv("x,y", "1,2", "2,3", "1,2"), "y", Map.of());
        assertThatThrownBy(() -> preparation.prepare(model, command(0.001f, null), source))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("validationSplit 0.001 of 3 rows leaves no row for validation; with shards, rows are chosen"
                        + " by their content, and equal rows stay together");
    }
}
