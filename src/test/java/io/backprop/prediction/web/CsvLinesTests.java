package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class CsvLinesTests {

    private final CsvLines lines = new CsvLines();

    @Test
    void cellsAreQuotedWhereTheyMustBe() throws IOException {
        add("plain", " spaced ", "a,b", "say \"so\"", "two\nlines", "\r", "it's", "");

        assertThat(written()).isEqualTo("plain, spaced ,\"a,b\",\"say \"\"so\"\"\",\"two\nlines\",\"\r\",it's,\n");
    }

    @Test
    void emptyCellsKeepTheirPlaces() throws IOException {
        add("", "", "x");
        add("", "");

        assertThat(written()).isEqualTo(",,x\n,\n");
    }

    @Test
    void numbersAreShortAndThoseNotFiniteAreEmpty() throws IOException {
        for (float number : new float[] {0.1f, 2, 1e10f, Float.NaN, Float.NEGATIVE_INFINITY}) {
            lines.addCell(number);
        }
        lines.endLine();

        assertThat(written()).isEqualTo("0.1,2.0,1.0E10,,\n");
    }

    @Test
    void longCellsFit() throws IOException {
        String quotes = "\"".repeat(100_000);
        add("a", quotes, "b");

        assertThat(written()).isEqualTo("a,\"" + quotes + quotes + "\",b\n");
        assertThat(written()).isEmpty();
    }

    private void add(String... cells) {
        for (String cell : cells) {
            lines.addCell(cell);
        }
        lines.endLine();
    }

    private String written() throws IOException {
        StringWriter out = new StringWriter();
        lines.writeTo(out);
        return out.toString();
    }
}
