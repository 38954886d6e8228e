package io.backprop.web.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.tabular.CellRules;
import io.backprop.tabular.TableBuilder;
import io.backprop.tabular.TableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ObjectRowsTests {

    private final JsonMapper mapper = new JsonMapper();
    private final TableBuilder builder = new TableBuilder(1_000_000, 0, CellRules.DEFAULT, bytes -> {}, null);

    @Test
    void rejectsLongRow() throws IOException {
        String cell = "w".repeat(1 << 20);
        String four = """
                {"a":"%s","b":"%s","c":"%s","d":"%s","e":""".formatted(cell, cell, cell, cell);

        read(four + "null}\n" + four + "\"\"}\n");

        assertThat(builder.build().rows()).isEqualTo(2);
        assertTooLong("line 1", four + "1}\n");
        assertTooLong("line 2", four + "null}\n" + four + "1}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1, 'line 2 is not UTF-8; save the table as UTF-8'",
        "UTF-16, 'a table must be text in UTF-8, but this is UTF-16; save it as UTF-8'",
        "UTF-16LE, 'a table must be text in UTF-8, but this is binary data or UTF-16'",
        "UTF-32BE, 'a table must be text in UTF-8, but this is binary data or UTF-16'",
    })
    void rejectsOtherEncodings(String charset, String message) {
        byte[] text = "{\"a\": 1}\n{\"a\": \"\u00e9t\u00e9\"}\n".getBytes(Charset.forName(charset));

        assertThatThrownBy(() -> ObjectRows.readLines(mapper, new ByteArrayInputStream(text), builder))
                .isInstanceOf(TableException.class)
                .hasFieldOrPropertyWithValue("kind", TableException.Kind.UNREADABLE)
                .hasMessage(message);
    }

    @Test
    void skipsByteOrderMark() throws IOException {
        read("\ufeff{\"a\": 1}\n");

        assertThat(builder.build().columns()).containsExactly("a");
    }

    private void assertTooLong(String place, String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(TableException.class)
                .hasFieldOrPropertyWithValue("kind", TableException.Kind.INVALID)
                .hasMessage(place + ": a row may have at most 4,194,304 characters, but has more");
    }

    private void read(String text) throws IOException {
        ObjectRows.readLines(mapper, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), builder);
    }
}
