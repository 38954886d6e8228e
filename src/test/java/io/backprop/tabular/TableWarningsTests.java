package io.backprop.tabular;

import static io.backprop.tabular.TextTable.csv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that are probably not what they are taken for. */
class TableWarningsTests {

    @Test
    void namesDateFormatWhereGivenOneFitsSomeCells() {
        CellRules rules = rules(List.of(), "MM.dd.yyyy");
        Table table = csv(rules, lines(40, row -> "%02d.01.2020".formatted(1 + row % 25)));

        assertThat(warnings(table, Map.of()))
                .containsExactly("column \"x\" has dates such as \"13.01.2020\", which are taken as text;"
                        + " set dateFormat=dd.MM.yyyy");
    }

    @ParameterizedTest
    @CsvSource({"%d.5 kg,kg", "$%d.25,$", "%d%%,%", "EUR %d,EUR"})
    void warnsOfUnitsBesideNumbers(String format, String unit) {
        Table table = csv(lines(60, row -> format.formatted(row % 30)));

        assertThat(warnings(table, Map.of()))
                .containsExactly(
                        "column \"x\" is categorical because its numbers have \"%s\" beside them, such as \"%s\" in line 2;"
                                .formatted(unit, format.formatted(0))
                                .concat(" without it the column is numeric"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%dl", "room %d", "A%d-%<d"})
    void takesFewSizesAndCodesForCategories(String format) {
        Table table = csv(lines(60, row -> format.formatted(row % (format.startsWith("A") ? 30 : 3))));

        assertThat(warnings(table, Map.of())).isEmpty();
    }

    @Test
    void warnsOfColumnThatCountsTheRows() {
        Table table = csv(lines(20, row -> (row + 5) + ";" + row % 3, "x;z;y"));

        assertThat(warnings(table, Map.of()))
                .containsExactly(
                        "column \"x\" counts the rows; columns.x=ignore leaves it out if it says nothing else");
        assertThat(warnings(table, Map.of("x", ColumnType.NUMERIC))).isEmpty();
        assertThat(warnings(csv(lines(20, row -> "" + row)), Map.of())).isEmpty();
    }

    @Test
    void ignoresColumnThatPandasNamed() {
        Table table = csv(lines(20, row -> (20 - row) + ";" + row % 3, "Unnamed: 0;z;y"));

        assertThat(warnings(table, Map.of()))
                .containsExactly("column \"Unnamed: 0\" is ignored because pandas gives this name to a column without"
                        + " one, such as an index; columns.Unnamed: 0=numeric includes it");
        assertThat(fit(table, Map.of("Unnamed: 0", ColumnType.NUMERIC))).hasSize(2);
    }

    @Test
    void warnsOfMissingWordsAndDateFormatWithoutCells() {
        TableExamples examples = TableExamples.of(
                csv(rules(List.of("?", "-1", "-2"), "dd.MM.yyyy"), "x;y", "?;a", "3;b", "-1.0;a"), "y", Map.of(), null);

        examples.warnOfUnusedFormat();

        assertThat(examples.warnings().toList())
                .containsExactly("dateFormat \"dd.MM.yyyy\" fits no cell", "no cell has the missing word \"-2\"");
    }

    @Test
    void warnsOfColumnsThatTheModelHasNotLearned() {
        Table table = csv("x;more;y", "1;2;a", "2;3;b");
        TableExamples examples = TableExamples.of(table, "y", Map.of(), null);
        List<Feature> learned = fit(csv("x;y", "1;a", "2;b"), Map.of());

        examples.requireCompatible(
                new Preprocessing.Columns(learned, "y", TargetUnit.NUMBER, Scaling.NONE, CellFormat.DEFAULT));

        assertThat(examples.warnings().toList())
                .containsExactly("column \"more\" is ignored because the model was not trained with it;"
                        + " to include it, train from scratch");
    }

    @ParameterizedTest
    @CsvSource({"True,False,true", "TRUE,FALSE,True", "true,false,TRUE"})
    void findsTruthValuesWithOtherCapitals(String yes, String no, String sent) {
        String[] lines = lines(20, row -> row % 3 == 0 ? yes : no);
        List<Feature> features = fit(csv(lines), Map.of());
        Warnings warnings = new Warnings();
        List<Float> inputs = new ArrayList<>();
        RowEncoder encoder = new RowEncoder(
                new RowEncoder.ExpectedColumns(features, null, false, List.of()),
                CellRules.DEFAULT,
                warnings,
                batch -> {
                    for (int column = 0; column < batch.inputs().columns(); column++) {
                        inputs.add(batch.inputs().get(0, column));
                    }
                });
        encoder.begin(List.of("x"));
        encoder.cell(0, RowSink.CellKind.UNTYPED, sent.toCharArray(), 0, sent.length());
        encoder.endRow();
        encoder.finish();

        int category = ((Feature.Categorical) features.get(0)).categories().indexOf(yes);
        assertThat(inputs).element(category).isEqualTo(1f);
        assertThat(warnings.toList()).isEmpty();

        TableExamples again = TableExamples.of(csv("x;y", sent + ";a", no + ";b"), "y", Map.of(), null);
        assertThat(again.encode(features, new int[] {0}).get(0, category)).isEqualTo(1f);
        assertThat(again.warnings().toList()).isEmpty();
    }

    @Test
    void namesSeparatorsWhereHeaderHasNone() {
        assertThatThrownBy(() -> TableExamples.of(csv("x|y", "1|a"), "y", Map.of(), null))
                .hasMessage("the target is column \"y\", but the table has only \"x|y\";"
                        + " columns must be separated by commas, semicolons or tabs");
        assertThatThrownBy(() -> csv("x|y", "1|1,5"))
                .hasMessage("line 2: a row must have as many cells as the header, 1, but has 2;"
                        + " columns must be separated by commas, semicolons or tabs");
    }

    @Test
    void namesHeaderLineWhereNamesAreNumbers() {
        assertThatThrownBy(() -> TableExamples.of(csv("5.1;setosa", "4.9;versicolor"), "species", Map.of(), null))
                .hasMessage("the target is column \"species\", but the table has only \"5.1\", \"setosa\";"
                        + " the first line must have the names of the columns");
    }

    private static CellRules rules(List<String> missing, String dateFormat) {
        return new CellRules(new CellFormat(missing, false, dateFormat), InvalidCells.ERROR);
    }

    private static String[] lines(int rows, IntFunction<String> cell) {
        return lines(rows, cell, "x;y");
    }

    private static String[] lines(int rows, IntFunction<String> cells, String header) {
        return IntStream.range(-1, rows)
                .mapToObj(row -> row < 0 ? header : cells.apply(row) + ";" + (row % 2 == 0 ? "a" : "b"))
                .toArray(String[]::new);
    }

    private static List<String> warnings(Table table, Map<String, ColumnType> types) {
        TableExamples examples = TableExamples.of(table, "y", types, null);
        examples.fit(IntStream.range(0, examples.rows()).toArray(), ScalingMethod.STANDARD);
        return examples.warnings().toList();
    }

    private static List<Feature> fit(Table table, Map<String, ColumnType> types) {
        TableExamples examples = TableExamples.of(table, "y", types, null);
        return examples.fit(IntStream.range(0, examples.rows()).toArray(), ScalingMethod.STANDARD);
    }
}
