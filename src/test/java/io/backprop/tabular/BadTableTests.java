package io.backprop.tabular;

import static io.backprop.tabular.TextTable.csv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadTableTests {

    @Test
    void rejectsRowsOfAnotherLengthThanTheHeader() {
        String rule = ": a row must have as many cells as the header, 3, but has ";
        assertInvalid("line 3" + rule + 2, "a,b,c", "1,2,3", "4,5");
        assertInvalid("line 2" + rule + 5, "a,b,c", "1,2,3,4,5");
        assertInvalid("line 6" + rule + 1, "a,b,c", "", "1,2,\"x", "y\"", "", "4");
    }

    @Test
    void rejectsMissingRepeatedAndTooLongColumnNames() {
        assertInvalid("columns must have different names, but two are named \"a\"", "a,b, a", "1,2,3");
        assertInvalid("a table must have at least 1 column with a name, but has none", ",\" \"", "0,1");
        assertInvalid(
                "the name of a column must have at most 256 characters, but column 1 has 300",
                "x".repeat(300) + ",b",
                "1,2");
        assertInvalid("a table may have at most 50,000 columns, but has more", ",".repeat(60_000), "1");
    }

    @Test
    void rejectsTooLongRow() {
        String half = ("w".repeat(1 << 19) + ",").repeat(8);
        String rule = "line 2: a row may have at most 4,194,304 characters, but has more";
        assertThat(csv("a,b,c,d,e,f,g,h,i", half).rows()).isEqualTo(1);
        assertInvalid(rule, "a,b,c,d,e,f,g,h,i", half + "w");
        assertInvalid(rule, "", half.replace('w', ' ') + "a", "1");
    }

    @Test
    void rejectsLongNameBeforeItReadsTheNextOne() {
        String rule = "the name of a column must have at most 256 characters, but column 2 has 300";
        assertInvalid(rule, "a," + "x".repeat(300) + ",".repeat(60_000), "1");
    }

    @Test
    void keepsOnlyTheBeginningOfALongCell() {
        assertThat(new CellReference(new RowPlace("", 2, 0), "a", "w".repeat(1 << 20)).text())
                .hasSize(257);
    }

    @Test
    void rejectsTableWithoutRowsOrHeader() {
        assertInvalid("a table must have at least 1 row, but has none", "a,b,c");
        assertThatThrownBy(() -> csv(new byte[0]))
                .isInstanceOf(TableException.class)
                .hasMessage("a table must have a header line, but this one is empty");
        assertInvalid("a table must have a header line, but this one is empty", "", "", "");
    }

    @Test
    void rejectsMoreCellsThanAllowed() {
        TableBuilder builder = new TableBuilder(1_000, 0, CellRules.DEFAULT, bytes -> {}, null);
        builder.begin(List.of("a", "b"));
        assertThatThrownBy(() -> IntStream.range(0, 1_000).forEach(row -> builder.endRow()))
                .isInstanceOf(TableException.class)
                .hasFieldOrPropertyWithValue("kind", TableException.Kind.TOO_LARGE)
                .hasMessage("a table may have at most 1000 cells, but this one has more");
        TableBuilder words = new TableBuilder(1_000, 0, CellRules.DEFAULT, bytes -> {}, null);
        words.begin(List.of("a", "b"));
        assertThatThrownBy(() -> IntStream.range(0, 1_000).forEach(row -> {
                    char[] text = ("word" + row).toCharArray();
                    words.cell(0, RowSink.CellKind.UNTYPED, text, 0, text.length);
                }))
                .hasMessage("a table may have at most 1000 cells, but this one has more");
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1, 'line 3: the byte 0xE9 at position 11 is not UTF-8; save the table as UTF-8'",
        "UTF-16, 'a table must be text in UTF-8, but this is UTF-16; save it as UTF-8'",
        "UTF-16LE, 'a table must be text in UTF-8, but this is binary data or UTF-16'",
        "UTF-32BE, 'a table must be text in UTF-8, but this is binary data or UTF-16'",
    })
    void reportsWrongEncodingInsteadOfReplacingCharacters(String charset, String message) {
        assertUnreadable(message, "a,b\n1,no\n2,\u00e9t\u00e9\n".getBytes(Charset.forName(charset)));
    }

    @Test
    void reportsLineOfMalformedByteFarFromTheBeginning() {
        String rows = "a,b\n" + "1,word\n".repeat(100_000);
        byte[] text = (rows + "2,?").getBytes(StandardCharsets.ISO_8859_1);
        text[text.length - 1] = (byte) 0xC3; // the first half of a character
        assertUnreadable(
                "line 100002: the byte 0xC3 at position %d is not UTF-8; save the table as UTF-8"
                        .formatted(text.length - 1),
                text);
    }

    @ParameterizedTest
    @CsvSource({
        "1f8b0800, 'is compressed with gzip, which its content encoding must say'",
        "504b0304, 'is a ZIP archive or a spreadsheet; save the table as CSV'",
        "d0cf11e0, 'is a spreadsheet; save the table as CSV'",
        "50415231, 'is a Parquet file; save the table as CSV'",
        "89504e470d0a1a0a0000000d, 'is binary data or UTF-16'",
    })
    void namesTheFormatOfOtherFiles(String bytes, String what) {
        assertUnreadable(
                "a table must be text in UTF-8, but this " + what,
                HexFormat.of().parseHex(bytes));
    }

    @Test
    void rejectsUnclosedQuote() {
        assertUnreadable(
                "line 3: a quote that begins in this row is never closed",
                "a,b\n1,x\n2,\"y\n3,z\n".getBytes(StandardCharsets.UTF_8));
        assertUnreadable(
                "line 2: a cell continues after its closing quote", "a,b\n1,\"x\"y\n".getBytes(StandardCharsets.UTF_8));
        assertUnreadable(
                "line 1: a quote that begins in this row is never closed",
                "\"a,b\n1,x\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void rejectsTooLongCell() {
        String message =
                "line 3: a cell may have at most 1,048,576 characters, but one has more; perhaps a quote is never"
                        + " closed";
        assertUnreadable(message, ("a,b\n1,x\n2," + "y".repeat(2_000_000)).getBytes(StandardCharsets.UTF_8));
        assertUnreadable(message, ("a,b\n1,x\n2,\"" + "y,y\n".repeat(500_000)).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void rejectsNulCharactersAndUnpairedSurrogates() {
        assertInvalid(
                "line 3: column \"b\" must not contain NUL characters or unpaired surrogates",
                "a,b",
                " ".repeat(2_000) + "1,x",
                "2,y\0z");
        assertThatThrownBy(() -> TextTable.rows(List.of("a"), List.of(List.of("x"), List.of("\ud800"))))
                .isInstanceOf(TableException.class)
                .hasMessage("row 1: column \"a\" must not contain NUL characters or unpaired surrogates");
    }

    @Test
    void rejectsMissingOrUnsuitableTarget() {
        Table table = csv("x,y,z", "1,a,", "2,b,", "3,1,");
        assertTargetRejected(
                "the target is column \"species\", but the table has only \"x\", \"y\", \"z\"", table, "species", null);
        assertTargetRejected(
                "line 2: column \"y\" must be a number, but is \"a\"" + remedies("y"), table, "y", ColumnType.NUMERIC);
        assertTargetRejected("column \"z\" is the target, but has no values", table, "z", null);
        assertTargetRejected(
                "column \"n\" is the target of a classification, but has more than 1,000 different values",
                csv(column("n", 2_000, row -> "" + row)),
                "n",
                ColumnType.CATEGORICAL);
        assertTargetRejected(
                "column \"n\" is the target of a classification, but has more than 10,000 different values",
                csv(column("n", 12_000, row -> "w" + row)),
                "n",
                null);
        assertTargetRejected(
                "column \"n\" is the target of a classification, but has values of more than 256 characters",
                csv(column("n", 2, row -> row + "w".repeat(256))),
                "n",
                null);
    }

    @Test
    void rejectsUnsuitableColumnTypes() {
        Table table = csv("x,y", "1,a", "old,b");
        assertThatThrownBy(() -> fit(table, Map.of("x", ColumnType.NUMERIC)))
                .isInstanceOf(TableException.class)
                .hasMessage("line 3: column \"x\" must be a number, but is \"old\"" + remedies("x"));
        assertThatThrownBy(() -> fit(table, Map.of("age", ColumnType.NUMERIC)))
                .hasMessage("a type is given for column \"age\", but the table has only \"x\", \"y\"");
        assertThatThrownBy(() -> fit(table, Map.of("y", ColumnType.IGNORE)))
                .hasMessage("column \"y\" is the target and can't be ignored");
        assertThatThrownBy(() -> TableExamples.of(table, "y", Map.of("y", ColumnType.NUMERIC), ColumnType.CATEGORICAL))
                .hasMessage("column \"y\" is the target of a classification and can't be numeric");
    }

    @Test
    void rejectsTableWithoutUsableColumns() {
        assertThatThrownBy(() -> fit(csv("x,z,y", "1,,a", "1,,b"), Map.of()))
                .isInstanceOf(TableException.class)
                .hasMessage(
                        "a table must have a usable column besides the target, but has none: column \"x\" is ignored"
                                + " because it has the same value in every row; column \"z\" is ignored because it has no"
                                + " values");
        assertThatThrownBy(() -> fit(csv("y", "1", "2"), Map.of()))
                .hasMessage("a table must have a usable column besides the target, but has none");
    }

    @Test
    void warnsOfTextAmongNumbers() {
        TableExamples examples = TableExamples.of(csv("x,y", "1,a", "2,b", "-,a", "2,a"), "y", Map.of(), null);
        assertThat(examples.fit(new int[] {0, 1, 2, 3}, ScalingMethod.STANDARD))
                .containsExactly(new Feature.Categorical("x", List.of("2", "-", "1"), false));
        assertThat(examples.warnings().toList())
                .containsExactly("column \"x\" is categorical, not numeric, because of \"-\" in line 4;"
                        + " columns.x=numeric with invalidCells=missing makes it numeric");
    }

    private static String remedies(String column) {
        return "; invalidCells=missing takes such cells as missing, columns.%s=categorical takes the column as categories"
                .formatted(column);
    }

    private static String[] column(String name, int rows, IntFunction<String> cell) {
        return IntStream.range(-1, rows)
                .mapToObj(row -> row < 0 ? name : cell.apply(row))
                .toArray(String[]::new);
    }

    private static List<Feature> fit(Table table, Map<String, ColumnType> types) {
        TableExamples examples = TableExamples.of(table, "y", types, null);
        return examples.fit(IntStream.range(0, examples.rows()).toArray(), ScalingMethod.STANDARD);
    }

    private static void assertTargetRejected(String message, Table table, String target, @Nullable ColumnType type) {
        assertThatThrownBy(() -> TableExamples.of(table, target, Map.of(), type))
                .isInstanceOf(TableException.class)
                .hasMessage(message);
    }

    private static void assertInvalid(String message, String... lines) {
        assertThatThrownBy(() -> csv(lines))
                .isInstanceOf(TableException.class)
                .satisfies(invalid -> assertThat(((TableException) invalid).kind())
                        .isIn(TableException.Kind.INVALID, TableException.Kind.NO_LINE_BREAKS))
                .hasMessage(message);
    }

    private static void assertUnreadable(String message, byte[] text) {
        assertThatThrownBy(() -> csv(text))
                .isInstanceOf(TableException.class)
                .hasFieldOrPropertyWithValue("kind", TableException.Kind.UNREADABLE)
                .hasMessage(message);
    }
}
