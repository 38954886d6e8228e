package io.backprop.tabular;

import static io.backprop.tabular.TextTable.csv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Matrix;
import io.backprop.tabular.RowEncoder.Batch;
import io.backprop.tabular.RowEncoder.ExpectedColumns;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowEncoderTests {

    private static final List<Feature> FEATURES = List.of(
            new Feature.Numeric("mass", new ColumnScaling(4000, 500), new NumberRange(1, 2, 4), false),
            new Feature.Categorical("island", List.of("Biscoe", "Dream"), true),
            new Feature.Numeric("seen", new ColumnScaling(10, 2), new NumberRange(1, 2, 4), true));

    private static final String REMEDY = "; invalidCells=missing takes such cells as missing";

    private final Warnings warnings = new Warnings();

    @Test
    void encodesBatchesWithTheBitsOfTheWholeTable() throws IOException {
        List<String> lines = new ArrayList<>(List.of("more,seen,island,mass"));
        IntStream.range(0, 20_000)
                .mapToObj(row -> row % 7 + "x" + ",1970-01-0" + (1 + row % 9) + ","
                        + List.of("Dream", "Biscoe", "NA", "Mars").get(row % 4) + "," + row / 3.0)
                .forEach(lines::add);
        List<Batch> batches = encode(new ExpectedColumns(FEATURES, null, false, List.of()), lines);
        TableExamples examples =
                TableExamples.of(csv(lines.toArray(String[]::new)), "more", Map.of(), ColumnType.CATEGORICAL);
        Matrix whole = examples.encode(FEATURES, IntStream.range(0, 20_000).toArray());
        assertThat(batches).hasSizeGreaterThan(1);
        int row = 0;
        for (Batch batch : batches) {
            int[] rows = IntStream.range(row, row + batch.inputs().rows()).toArray();
            assertThat(batch.inputs()).isEqualTo(whole.select(rows));
            assertThat(batch.targets()).isNull();
            row += rows.length;
        }
        assertThat(row).isEqualTo(20_000);
        assertThat(warnings.toList())
                .containsExactly("column \"island\": 5000 cells with categories not seen in training, such as \"Mars\"")
                .isEqualTo(examples.warnings().toList());
    }

    @Test
    void makesBatchesSmallIfPredictionsOrRowsAreLong() throws IOException {
        List<Feature> mass = FEATURES.subList(0, 1);
        List<String> rows = new ArrayList<>(List.of("mass,note"));
        IntStream.range(0, 40).forEach(row -> rows.add(row + "," + "x".repeat(100_000)));
        List<String> classes =
                IntStream.range(0, 5_000).mapToObj(String::valueOf).toList();

        assertThat(encode(new ExpectedColumns(mass, null, false, List.of()), rows))
                .extracting(batch -> batch.inputs().rows())
                .containsExactly(11, 11, 11, 7); // of a little more than a million characters
        assertThat(encode(new ExpectedColumns(mass, null, false, classes), rows))
                .extracting(batch -> batch.inputs().rows())
                .containsExactly(6, 6, 6, 6, 6, 6, 4);
    }

    @Test
    void returnsTargetsWithTheirRows() throws IOException {
        List<String> lines = List.of("island,y,mass,seen", "Dream,b,1,", "Dream,a,,1970-01-01");
        assertThat(encode(new ExpectedColumns(FEATURES, "y", false, List.of("a", "b")), lines))
                .extracting(Batch::targets)
                .containsExactly(new Targets.Labels(List.of("b", "a")));
        assertThat(encode(
                        new ExpectedColumns(FEATURES.subList(1, 2), "mass", false, List.of()),
                        List.of("island,mass", ",1", ",2")))
                .extracting(Batch::targets)
                .containsExactly(new Targets.Numbers(Matrix.of(new float[][] {{1}, {2}})));
        assertThat(encode(
                        new ExpectedColumns(FEATURES.subList(0, 1), "seen", true, List.of()),
                        List.of("mass,seen", "1,1970-01-03")))
                .extracting(Batch::targets)
                .containsExactly(new Targets.Numbers(Matrix.of(new float[][] {{2}})));
    }

    @Test
    void skipsRowsWithoutTargetWithAWarning() throws IOException {
        ExpectedColumns expected = new ExpectedColumns(FEATURES.subList(0, 1), "y", false, List.of("a", "b"));
        assertThat(encode(expected, List.of("y,mass", "b,4500", ",5000", "a,", "NA,7")))
                .containsExactly(new Batch(
                        Matrix.of(new float[][] {{1}, {0}}), new Targets.Labels(List.of("b", "a")), new BitSet()));
        assertThat(warnings.toList()).containsExactly("2 rows are ignored because the target \"y\" is missing");
        assertThatThrownBy(() -> encode(expected, List.of("y,mass", ",5000")))
                .isInstanceOf(TableException.class)
                .hasMessage("column \"y\" is the target, but has no values");
    }

    @Test
    void takesCellsNotGivenForMissing() {
        List<Batch> batches = new ArrayList<>();
        RowEncoder encoder = new RowEncoder(
                new ExpectedColumns(FEATURES, null, false, List.of()), CellRules.DEFAULT, warnings, batches::add);
        encoder.begin(List.of("island", "mass", "seen"));
        encoder.endRow();
        encoder.finish();
        assertThat(batches).extracting(Batch::inputs).containsExactly(Matrix.of(new float[][] {{0, 0, 0, 1, 0}}));
    }

    @Test
    void rejectsCellsOfAnotherTypeWithTheirLine() {
        rejects(
                "line 3: column \"mass\" must be a number, but is \"heavy\"" + REMEDY,
                "mass,island,seen",
                "1,,",
                "heavy,,");
        rejects(
                "line 2: column \"mass\" must be a number, but \"3,5\" has a decimal comma; set decimal=, or write"
                        + " such numbers as 1234.5"
                        + REMEDY,
                "mass;island;seen",
                "3,5;;");
        rejects(
                "line 2: column \"seen\" must be a date in ISO 8601, such as 2024-02-29, but is \"1970\"" + REMEDY,
                "mass,island,seen",
                "1,,1970");
        rejects(
                "the model needs column \"mass\", but the table has only \"island\", \"seen\"",
                "island,seen",
                "Dream,");
        String[] column = {"mass", "", "1", "", "", "heavy"};
        assertThatThrownBy(() ->
                        encode(new ExpectedColumns(FEATURES.subList(0, 1), null, false, List.of()), List.of(column)))
                .hasMessage("line 6: column \"mass\" must be a number, but is \"heavy\"" + REMEDY);
        rejects("a table must have at least 1 row, but has none", "mass,island,seen");
    }

    @Test
    void rejectsUnknownTargets() {
        ExpectedColumns expected = new ExpectedColumns(FEATURES.subList(0, 1), "y", false, List.of("a", "b"));
        assertThatThrownBy(() -> encode(expected, List.of("mass,y", "1,a", "2,c")))
                .isInstanceOf(TableException.class)
                .hasMessage("line 3: column \"y\" must be one of \"a\", \"b\", but is \"c\"");
        assertThatThrownBy(() -> encode(expected, List.of("mass", "1")))
                .hasMessage("the target is column \"y\", but the table has only \"mass\"");
    }

    private void rejects(String message, String... lines) {
        assertThatThrownBy(() -> encode(new ExpectedColumns(FEATURES, null, false, List.of()), List.of(lines)))
                .isInstanceOf(TableException.class)
                .hasMessage(message);
    }

    private List<Batch> encode(ExpectedColumns expected, List<String> lines) throws IOException {
        List<Batch> batches = new ArrayList<>();
        RowEncoder encoder = new RowEncoder(expected, CellRules.DEFAULT, warnings, batches::add);
        byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        CsvTables.read(new ByteArrayInputStream(text), encoder);
        encoder.finish();
        return batches;
    }
}
