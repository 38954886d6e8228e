package io.backprop.tabular;

import static io.backprop.tabular.TextTable.csv;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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
    void skipsByteOrderMark() {
        assertThat(csv("\ufeffä,b", "1,2").columns()).containsExactly("ä", "b");
    }

    /** Those of column b. */
    private static List<String> words(Table table) {
        TableExamples examples = TableExamples.of(table, "b", Map.of(), ColumnType.CATEGORICAL);
        return ((Targets.Labels) examples.targets()).names();
    }
}
