package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses 20 examples whose input, target and weight are the number of their row. */
class BatchSamplerTests {

    private static final int COUNT = 20;
    private static final Examples NUMBERED = numbered();
    private static final Execution EXECUTION = new Execution(Kernels.best());

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 20})
    void everyEpochUsesEachExampleOnce(int batchSize) {
        BatchSampler order = new BatchSampler(NUMBERED, true, batchSize, 1);
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(rows(order, epoch, batchSize)).containsExactlyInAnyOrderElementsOf(inOrder());
        }
    }

    @Test
    void orderDependsOnlyOnTheEpoch() {
        BatchSampler order = new BatchSampler(NUMBERED, true, 3, 1);
        List<Integer> first = rows(order, 0, 3);
        List<Integer> second = rows(order, 1, 3);
        assertThat(first).isNotEqualTo(inOrder()).isNotEqualTo(second);
        assertThat(rows(order, 0, 3)).isEqualTo(first);
        assertThat(rows(new BatchSampler(NUMBERED, true, 3, 1), 1, 3)).isEqualTo(second);
    }

    @Test
    void orderDependsOnTheSeedButNotOnTheBatchSize() {
        List<Integer> order = rows(new BatchSampler(NUMBERED, true, 3, 1), 0, 3);
        assertThat(rows(new BatchSampler(NUMBERED, true, 7, 1), 0, 7)).isEqualTo(order);
        assertThat(rows(new BatchSampler(NUMBERED, true, 1, 1), 0, 1)).isEqualTo(order);
        assertThat(rows(new BatchSampler(NUMBERED, true, 3, 2), 0, 3)).isNotEqualTo(order);
    }

    @Test
    void keepsTheOrderWithoutShuffling() {
        assertThat(rows(new BatchSampler(NUMBERED, false, 3, 1), 5, 3)).isEqualTo(inOrder());
    }

    private static List<Integer> rows(BatchSampler order, int epoch, int batchSize) {
        List<Integer> rows = new ArrayList<>();
        order.begin(epoch);
        for (int first = 0; first < COUNT; first += batchSize) {
            Batch batch = order.rows(first, Math.min(batchSize, COUNT - first));
            order.load(EXECUTION, 0, batch.rows);
            for (int row = 0; row < batch.rows; row++) {
                float number = batch.inputs[batch.inputsOffset + row];
                assertThat(batch.targets[batch.targetsOffset + row]).isEqualTo(number);
                assertThat(Objects.requireNonNull(batch.weights)[batch.weightsOffset + row])
                        .isEqualTo(number);
                rows.add((int) number);
            }
        }
        return rows;
    }

    private static List<Integer> inOrder() {
        return IntStream.range(0, COUNT).boxed().toList();
    }

    private static Examples numbered() {
        float[] numbers = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            numbers[i] = i;
        }
        Matrix column = Matrix.wrap(COUNT, 1, numbers);
        return Examples.of(column, column).withWeights(Vector.of(numbers));
    }
}
