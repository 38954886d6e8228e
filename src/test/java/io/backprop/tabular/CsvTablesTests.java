package io.backprop.tabular;

import static io.backprop.tabular.TextTable.csv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTablesTests {

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void findsSeparatorInTheHeader(String separator) {
        Table table = csv(
                "a,\"x,;\t\",b".replace(",b", separator + "b").replace("a,", "a" + separator),
                "1,\"2\",3".replace(",", separator));
        assertThat(table.columns()).containsExactly("a", "x,;", "b");
        assertThat(words(table)).containsExactly("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void acceptsAnyLineSeparator(String end) {
        byte[] text =
                String.join(end, "a,b", "1,x", "", "2,\"y" + end + "z\"", "3,q").getBytes(StandardCharsets.UTF_8);
        assertThat(words(csv(text))).containsExactly("x", "y" + end + "z", "q");
    }

    @Test
    void acceptsQuotesInQuotes() {
        assertThat(words(csv("a,b", "1,\"say \"\"no\"\"\""))).containsExactly("say \"no\"");
    }

    @Test
    void readsEmptyLineBetweenRowsOfOneColumnAsMissing() {
        assertThat(csv("", "x", "", "1", "", "", "3", "", "").rows()).isEqualTo(5);
        assertThat(csv("x,y", "", "1,2", "", "3,4").rows()).isEqualTo(2);
    }

    @Test
    void readsRowsAtTheCallersPace() throws IOException {
        byte[] text = "a,b\n1,x\n2,y\n3\n".getBytes(StandardCharsets.UTF_8);
        List<String> received = new ArrayList<>();
        CsvTables.Rows rows = CsvTables.open(new ByteArrayInputStream(text), new RowSink() {
            @Override
            public void begin(List<String> columns) {
                received.addAll(columns);
            }

            @Override
            public void cell(int column, CellKind kind, char[] cell, int offset, int length) {
                received.add(new String(cell, offset, length));
            }

            @Override
            public void endRow() {}
        });
        assertThat(received).isEmpty();
        assertThat(rows.next()).isTrue();
        assertThat(received).containsExactly("a", "b", "1", "x");
        assertThat(rows.next()).isTrue();
        assertThat(received).endsWith("2", "y");
        assertThatThrownBy(rows::next)
                .isInstanceOf(TableException.class)
                .hasMessageContaining("line 4: a row must have");
    }

    @Test
    void skipsByteOrderMark() {
        assertThat(csv("\ufeffä,b", "1,2").columns()).containsExactly("ä", "b");
    }

    /** Those of column b. */
    private static List<String> words(Table table) {
        TableExamples examples = TableExamples.of(table, "b", Map.of(), ColumnType.CATEGORICAL);
        return ((Targets.Labels) examples.targets()).names();
    }
}
