package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Matrix;
import io.backprop.tabular.RowEncoder.ExpectedColumns;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares all ways to read and encode random tables with a slow and simple reference. */
class RandomTableTests {

    static Stream<Arguments> seeds() {
        return IntStream.range(0, 40)
                .boxed()
                .flatMap(seed -> Stream.of(
                        Arguments.of(seed, ScalingMethod.STANDARD),
                        Arguments.of(seed, ScalingMethod.ROBUST),
                        Arguments.of(seed, null)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesTheBitsOfTheReferenceHoweverTheTableIsRead(int seed, @Nullable ScalingMethod scaling) throws IOException {
        RandomTable random = new RandomTable(seed);
        ReferenceTable reference = random.draw();
        byte[] csv = random.csv(reference);
        int[] training = random.rows(reference);
        int[] all = IntStream.range(0, reference.rows().size()).toArray();
        TableExamples ofCsv = examples(TextTable.csv(csv, TextTable.SKIP_INVALID));
        TableExamples ofRows = examples(TextTable.rows(reference.columns(), reference.rows(), TextTable.SKIP_INVALID));
        List<Feature> features = reference.fit(training, scaling);
        if (features.isEmpty()) {
            assertThatThrownBy(() -> ofCsv.fit(training, scaling)).isInstanceOf(TableException.class);
            return;
        }
        assertThat(ofCsv.fit(training, scaling)).isEqualTo(features);
        assertThat(ofRows.fit(training, scaling)).isEqualTo(features);
        Matrix inputs = reference.encode(features, all);
        assertThat(ofCsv.encode(features, all)).isEqualTo(inputs);
        assertThat(ofRows.encodeAndRelease(features, all)).isEqualTo(inputs);
        assertThat(ofCsv.encodeAndRelease(features, training)).isEqualTo(reference.encode(features, training));
        assertStreamed(csv, features, inputs);
    }

    private static void assertStreamed(byte[] csv, List<Feature> features, Matrix inputs) throws IOException {
        List<Matrix> batches = new ArrayList<>();
        ExpectedColumns expected = new ExpectedColumns(features, "target", false, List.of("no", "yes"));
        RowEncoder encoder =
                new RowEncoder(expected, TextTable.SKIP_INVALID, new Warnings(), batch -> batches.add(batch.inputs()));
        CsvTables.read(new ByteArrayInputStream(csv), encoder);
        encoder.finish();
        int first = 0;
        for (Matrix batch : batches) {
            int[] rows = IntStream.range(first, first + batch.rows()).toArray();
            assertThat(batch).isEqualTo(inputs.select(rows));
            first += rows.length;
        }
        assertThat(first).isEqualTo(inputs.rows());
    }

    private static TableExamples examples(Table table) {
        return TableExamples.of(table, "target", Map.of(), ColumnType.CATEGORICAL);
    }
}
