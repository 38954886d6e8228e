package io.backprop.tabular;

import static io.backprop.tabular.TextTable.csv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Matrix;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells that are no numbers or dates in columns of such. */
class InvalidCellsTests {

    private static final String REMEDIES =
            "; invalidCells=missing takes such cells as missing, columns.x=categorical takes the column as categories";

    @ParameterizedTest
    @ValueSource(ints = {20, 1_000, 5_000, 30_000})
    void rejectsOneTextAmongNumbers(int rows) {
        Table table = csv(lines(rows, row -> row == rows / 2 ? "12.3kg" : row + ".5"));

        assertThatThrownBy(() -> fit(table, Map.of()))
                .isInstanceOf(TableException.class)
                .hasMessage("line %d: column \"x\" must be a number, but is \"12.3kg\"%s", rows / 2 + 2, REMEDIES);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 1_000, 5_000, 30_000})
    void takesThemAsMissing(int rows) {
        Table table = csv(TextTable.SKIP_INVALID, lines(rows, row -> row == rows / 2 ? "12.3kg" : row + ".5"));
        TableExamples examples = TableExamples.of(table, "y", Map.of(), null);
        int[] all = IntStream.range(0, rows).toArray();
        List<Feature> features = examples.fit(all, ScalingMethod.STANDARD);
        Matrix inputs = examples.encode(features, all);

        assertThat(features).singleElement().isInstanceOf(Feature.Numeric.class);
        assertThat(inputs.get(rows / 2, 0)).isZero();
        assertThat(inputs.get(rows / 2 + 1, 0)).isNotZero();
        assertThat(examples.warnings().toList())
                .containsExactly(
                        "column \"x\": 1 cell that is not a number is taken as missing, such as \"12.3kg\" in line %d"
                                .formatted(rows / 2 + 2));
    }

    @Test
    void rejectsTextInTarget() {
        Table table = csv(lines(40, row -> row == 7 ? "n.d." : "" + row * row));

        assertThatThrownBy(() -> TableExamples.of(table, "x", Map.of(), null))
                .hasMessage("line 9: column \"x\" must be a number, but is \"n.d.\"" + REMEDIES);
    }

    @Test
    void ignoresRowsWhoseTargetIsTakenAsMissing() {
        Table table = csv(TextTable.SKIP_INVALID, lines(40, row -> row % 25 == 7 ? "n.d." : "" + row * row));

        TableExamples examples = TableExamples.of(table, "x", Map.of(), null);

        assertThat(examples.rows()).isEqualTo(38);
        assertThat(examples.warnings().toList())
                .containsExactly(
                        "column \"x\": 2 cells that are not numbers are taken as missing, such as \"n.d.\" in line 9",
                        "2 rows are ignored because the target \"x\" is missing");
    }

    @Test
    void rejectsTextAmongDates() {
        Table table = csv(lines(30, row -> row == 3 ? "soon" : "2024-01-%02d".formatted(row + 1)));

        assertThatThrownBy(() -> fit(table, Map.of()))
                .hasMessage("line 5: column \"x\" must be a date in ISO 8601, such as 2024-02-29, but is \"soon\""
                        + REMEDIES);
    }

    @Test
    void takesColumnWithNineTenthsOfNumbersForCategories() {
        TableExamples examples =
                TableExamples.of(csv(lines(100, row -> row % 10 == 9 ? "many" : "" + row % 9)), "y", Map.of(), null);

        assertThat(examples.fit(IntStream.range(0, 100).toArray(), ScalingMethod.STANDARD))
                .singleElement()
                .isInstanceOf(Feature.Categorical.class);
        assertThat(examples.warnings().toList())
                .containsExactly("column \"x\" is categorical, not numeric, because of \"many\" in line 11;"
                        + " columns.x=numeric with invalidCells=missing makes it numeric");
    }

    @Test
    void takesAnyTextAsMissingInColumnDeclaredNumeric() {
        Table table = csv(TextTable.SKIP_INVALID, lines(100, row -> row % 10 == 9 ? "many" : "" + row % 9));

        assertThat(fit(table, Map.of("x", ColumnType.NUMERIC))).singleElement().isInstanceOf(Feature.Numeric.class);
    }

    @Test
    void rejectsColumnWithoutAnyNumberEvenIfTheyAreTakenAsMissing() {
        Table table = csv(TextTable.SKIP_INVALID, "x;y", "1,5;a", "2,5;b", "3,5;a");

        assertThatThrownBy(() -> fit(table, Map.of()))
                .hasMessageContaining("\"1,5\" has a decimal comma; set decimal=, or write such numbers as 1234.5");
    }

    @Test
    void takesNumbersGivenAsTextForCategories() {
        TableBuilder builder = new TableBuilder(1_000, 0, CellRules.DEFAULT, bytes -> {}, null);
        builder.begin(List.of("x", "y"));
        for (int row = 0; row < 20; row++) {
            add(builder, 0, RowSink.CellKind.TEXT, "" + row % 5);
            add(builder, 1, RowSink.CellKind.TEXT, "" + row % 2);
            builder.endRow();
        }
        TableExamples examples = TableExamples.of(builder.build(), "y", Map.of(), null);

        assertThat(examples.targets()).isInstanceOf(Targets.Labels.class);
        assertThat(examples.fit(IntStream.range(0, 20).toArray(), ScalingMethod.STANDARD))
                .singleElement()
                .isInstanceOf(Feature.Categorical.class);
        assertThat(examples.warnings().toList())
                .containsExactly(
                        "column \"x\" is categorical because its numbers are given as text, such as \"0\" in row 0;"
                                + " columns.x=numeric makes it numeric");
    }

    private static void add(TableBuilder builder, int column, RowSink.CellKind kind, String cell) {
        builder.cell(column, kind, cell.toCharArray(), 0, cell.length());
    }

    private static String[] lines(int rows, IntFunction<String> cell) {
        return IntStream.range(-1, rows)
                .mapToObj(row -> row < 0 ? "x;y" : cell.apply(row) + ";" + (row % 2 == 0 ? "a" : "b"))
                .toArray(String[]::new);
    }

    private static List<Feature> fit(Table table, Map<String, ColumnType> types) {
        TableExamples examples = TableExamples.of(table, "y", types, null);
        return examples.fit(IntStream.range(0, examples.rows()).toArray(), ScalingMethod.STANDARD);
    }
}
