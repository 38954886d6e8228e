package io.backprop.tabular;

import static io.backprop.tabular.TextTable.csv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellFormatTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3,14 | 3.14",
                "-,5 | -0.5",
                "1e3 | 1000",
                "1,5E-3 | 0.0015",
                "12345678901234567,25 | 12345678901234567.25",
                "42 | 42",
            })
    void readsDecimalComma(String cell, float number) {
        assertThat(number(decimalComma(), cell)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.5 | a decimal point; set decimal=. or write such numbers as 1234,5",
                "1.234 | a thousands separator or a decimal point; set decimal=. or write such numbers as 1234,5",
                "1.234,5 | thousands separators; write such numbers as 1234,5",
            })
    void rejectsOtherSeparatorsBesideDecimalComma(String cell, String problem) {
        Table table = csv(new CellRules(decimalComma(), InvalidCells.ERROR), "x;y", "1;a", cell + ";b");

        assertThatThrownBy(() -> fit(table))
                .hasMessageStartingWith(
                        "line 3: column \"x\" must be a number, but \"%s\" has %s;".formatted(cell, problem));
    }

    @Test
    void readsNumbersOfJsonBesideDecimalComma() {
        TableBuilder builder =
                new TableBuilder(100, 0, new CellRules(decimalComma(), InvalidCells.ERROR), bytes -> {}, null);
        builder.begin(List.of("x"));
        builder.cell(0, RowSink.CellKind.NUMBER, "1.5".toCharArray(), 0, 3);
        builder.endRow();
        builder.cell(0, RowSink.CellKind.UNTYPED, "2,5".toCharArray(), 0, 3);
        builder.endRow();
        Table table = builder.build();

        assertThat(TableExamples.of(table, "x", Map.of(), null).targets())
                .isEqualTo(new Targets.Numbers(Matrix.of(new float[] {1.5f}, new float[] {2.5f})));
    }

    @ParameterizedTest
    @CsvSource({
        "dd.MM.yyyy, 29.02.2024, 2024-02-29",
        "d.M.yyyy, 1.2.2024, 2024-02-01",
        "MM/dd/yyyy, 12/31/2024, 2024-12-31",
        "yyyy-dd-MM, 2024-01-02, 2024-02-01",
        "d MMM yyyy, 3 mar 1999, 1999-03-03",
        "yy/M/d, 24/2/1, 2024-02-01",
        "uuuuMMdd, 20240201, 2024-02-01",
    })
    void readsDates(String pattern, String cell, LocalDate expected) {
        assertThat(date(pattern, cell)).isEqualTo((float) expected.toEpochDay());
    }

    @Test
    void readsTimesOfDates() {
        assertThat(date("dd.MM.yyyy HH:mm", "02.01.1970 18:00")).isEqualTo(1.75f);
        assertThat(date("M/d/yyyy h:mm a", "1/2/1970 6:00 PM")).isEqualTo(1.75f);
        assertThat(date("dd.MM.yyyy HH:mmXXX", "02.01.1970 18:00+06:00")).isEqualTo(1.5f);
    }

    @Test
    void readsIso8601BesidesAnotherFormatThatDoesNotResembleIt() {
        assertThat(date("dd.MM.yyyy", "1970-01-03")).isEqualTo(2);
        assertThat(date("yyyy-dd-MM", "1970-01-03")).isEqualTo(59);
        assertThat(date("yyyy-dd-MM", "1970-13-01")).isEqualTo(12);
        assertThat(date("yyyy-dd-MM", "1970-01-13")).isNaN();
    }

    @ParameterizedTest
    @ValueSource(strings = {"31.02.2024", "1.1.2024", "01.13.2024", "01.01.24", "01.01.2024 ", "01.01.2024x"})
    void rejectsDatesThatDoNotExistOrDoNotMatch(String cell) {
        assertThat(date("dd.MM.yyyy", cell)).isNaN();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dd.mm.yyyy", "MM.yyyy", "HH:mm", "DD.MM.YYYY", "dd.MM.yyyy hh:mm", "what", "{", "'"})
    void rejectsPatternThatDoesNotDetermineADay(String pattern) {
        assertThatThrownBy(() -> new CellFormat(List.of(), false, pattern))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageStartingWith(
                        "dateFormat must be a pattern of day, month and year, such as dd.MM.yyyy or M/d/yyyy HH:mm,"
                                + " but was \"%s\": ",
                        pattern);
    }

    @Test
    void readsAdditionalMissingWords() {
        CellParser parser = new CellParser(
                new CellRules(new CellFormat(List.of("?", " - ", "-999", "k. A."), false, null), InvalidCells.ERROR));
        for (String word : List.of("?", "-", "-999", "-999.0", "-9.99e2", "k. A.", "", "NA")) {
            assertThat(parser.isMissing(word.toCharArray(), 0, word.length()))
                    .as(word)
                    .isTrue();
        }
        for (String word : List.of("--", "999", "-99", "-9990", "k. A", "k. B.")) {
            assertThat(parser.isMissing(word.toCharArray(), 0, word.length()))
                    .as(word)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "31.12.2024, dd.MM.yyyy",
        "1.12.2024, d.M.yyyy",
        "31/12/2024, dd/MM/yyyy",
        "12/31/2024, MM/dd/yyyy",
        "12/11/2024, dd/MM/yyyy or MM/dd/yyyy",
        "31.12.2024 23:59, dd.MM.yyyy HH:mm",
        "'Dec 31, 2024', 'MMM d, yyyy'",
        "2024/12/31, yyyy/MM/dd",
    })
    void warnsOfDatesInAnotherFormat(String cell, String formats) {
        TableExamples examples = TableExamples.of(csv("x;y", cell + ";1", cell + ";2", ";3"), "y", Map.of(), null);
        examples.fit(new int[] {0, 1, 2}, ScalingMethod.STANDARD);

        assertThat(examples.warnings().toList())
                .containsExactly("column \"x\" has dates such as \"%s\", which are taken as text; set dateFormat=%s"
                        .formatted(cell, formats));
    }

    @Test
    void ignoresColumnsWithoutNames() {
        TableExamples examples = TableExamples.of(csv(",x,y", "0,1,a", "1,2,b", "z,3,a"), "y", Map.of(), null);

        assertThat(examples.fit(new int[] {0, 1, 2}, ScalingMethod.STANDARD))
                .extracting(Feature::name)
                .containsExactly("x");
        assertThat(examples.warnings().toList()).containsExactly("column 1 is ignored because it has no name");
    }

    private static CellFormat decimalComma() {
        return new CellFormat(List.of(), true, null);
    }

    private static float number(CellFormat format, String cell) {
        char[] text = cell.toCharArray();
        return new CellParser(new CellRules(format, InvalidCells.ERROR)).number(text, 0, text.length);
    }

    private static float date(String pattern, String cell) {
        char[] text = cell.toCharArray();
        return new CellParser(new CellRules(new CellFormat(List.of(), false, pattern), InvalidCells.ERROR))
                .date(text, 0, text.length);
    }

    private static List<Feature> fit(Table table) {
        TableExamples examples = TableExamples.of(table, "y", Map.of(), null);
        return examples.fit(IntStream.range(0, examples.rows()).toArray(), ScalingMethod.STANDARD);
    }
}
