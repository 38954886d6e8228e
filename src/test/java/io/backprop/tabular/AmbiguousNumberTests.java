package io.backprop.tabular;

import static io.backprop.tabular.TextTable.csv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmbiguousNumberTests {

    private static final String REMEDIES =
            "; invalidCells=missing takes such cells as missing, columns.x=categorical takes the column as categories";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,234.5 | has thousands separators; write such numbers as 1234.5",
                "-1,234,567 | has thousands separators; write such numbers as 1234.5",
                "1.234.567 | has thousands separators; write such numbers as 1234.5",
                "1'234.5 | has thousands separators; write such numbers as 1234.5",
                "1.234,5 | has thousands separators; write such numbers as 1234.5",
                "12 345 | has thousands separators; write such numbers as 1234.5",
                "1,234 | has a thousands separator or a decimal comma; set decimal=, or write such numbers as 1234.5",
                "3,14 | has a decimal comma; set decimal=, or write such numbers as 1234.5",
                ",5 | has a decimal comma; set decimal=, or write such numbers as 1234.5",
                "1e39 | does not fit float32, which ends at 3.4028235e38",
                "-inf | is not finite",
                "Infinity | is not finite",
            })
    void rejectsAmbiguousNumbersAndNamesTheReason(String cell, String what) {
        String message = "line 3: column \"x\" must be a number, but \"%s\" %s".formatted(cell, what);
        Table among = csv("x;y", "1;a", cell + ";b", "2;a");
        assertThatThrownBy(() -> fit(among, Map.of()))
                .isInstanceOf(TableException.class)
                .hasMessage(message + REMEDIES);
        assertThatThrownBy(() -> TableExamples.of(among, "x", Map.of(), null)).hasMessage(message + REMEDIES);
        assertThatThrownBy(() -> fit(csv("x;y", ";a", cell + ";b"), Map.of())).hasMessage(message + REMEDIES);
    }

    @Test
    void findsLateAmbiguousNumber() {
        String[] lines = IntStream.range(-1, 3_000)
                .mapToObj(row -> row < 0 ? "x;y" : (row < 2_500 ? row + ".5" : row + ",5") + ";" + row % 2)
                .toArray(String[]::new);
        assertThatThrownBy(() -> fit(csv(lines), Map.of()))
                .hasMessage(
                        "line 2502: column \"x\" must be a number, but \"2500,5\" has a decimal comma; set decimal=,"
                                + " or write such numbers as 1234.5" + REMEDIES);
    }

    @Test
    void reportsTheFirstOfManyAmbiguousNumbers() {
        String[] lines = IntStream.range(-1, 5_000)
                .mapToObj(row -> row < 0 ? "x;y" : (row < 2_500 ? row + ".5" : row + ",5") + ";" + row % 2)
                .toArray(String[]::new);
        assertThatThrownBy(() -> fit(csv(lines), Map.of())).hasMessageStartingWith("line 2502: column \"x\" must be");
    }

    @Test
    void rejectsNumberWithTooManyDigits() {
        String message = "line 3: column \"x\" must be a number, but \"0.%s…\" has more than 256 characters"
                .formatted("1".repeat(58));
        Table table = csv("x;y", "1;a", "0." + "1".repeat(300) + ";b");
        assertThatThrownBy(() -> fit(table, Map.of())).hasMessage(message + REMEDIES);
        assertThatThrownBy(() -> fit(table, Map.of("x", ColumnType.NUMERIC))).hasMessage(message + REMEDIES);
    }

    @Test
    void acceptsThemInColumnDeclaredCategorical() {
        Table table = csv("x;y", "1,5;a", "1,5;b", "2;a");
        assertThat(fit(table, Map.of("x", ColumnType.CATEGORICAL)))
                .containsExactly(new Feature.Categorical("x", List.of("1,5", "2"), false));
    }

    @Test
    void acceptsThemInColumnWithText() {
        assertThat(fit(csv("x;y", "1,5;a", "1,5;b", "high;a"), Map.of()))
                .containsExactly(new Feature.Categorical("x", List.of("1,5", "high"), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12,34,56",
                "1,2,3",
                "1,23.4",
                "12-34",
                "1..2",
                "e5",
                "+",
                "-",
                ".",
                "1e",
                "0x1p3",
                "1f",
                "2d",
                "1 2",
                "infinite"
            })
    void takesOtherStringsForText(String cell) {
        assertThat(new CellParser(CellRules.DEFAULT).typeOf(cell)).isEqualTo(CellType.TEXT);
    }

    private static List<Feature> fit(Table table, Map<String, ColumnType> types) {
        TableExamples examples = TableExamples.of(table, "y", types, ColumnType.CATEGORICAL);
        return examples.fit(IntStream.range(0, examples.rows()).toArray(), ScalingMethod.STANDARD);
    }
}
