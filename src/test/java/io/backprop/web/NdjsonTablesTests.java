package io.backprop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.tabular.InvalidTableException;
import io.backprop.tabular.TableBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class NdjsonTablesTests {

    private final NdjsonTables tables = new NdjsonTables(new JsonMapper());
    private final TableBuilder builder = new TableBuilder(1_000_000, 0);

    @Test
    void rowMayNotBeTooLong() throws IOException {
        String cell = "w".repeat(1 << 20);
        String four = "{\"a\":\"%s\",\"b\":\"%s\",\"c\":\"%s\",\"d\":\"%s\",\"e\":".formatted(cell, cell, cell, cell);

        read(four + "null}\n" + four + "\"\"}\n");

        assertThat(builder.build().rows()).isEqualTo(2);
        assertTooLong("line 1", four + "1}\n");
        assertTooLong("line 2", four + "null}\n" + four + "1}\n");
    }

    private void assertTooLong(String place, String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InvalidTableException.class)
                .hasMessage(place + ": a row may have at most 4,194,304 characters, but has more");
    }

    private void read(String text) throws IOException {
        tables.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), builder);
    }
}
