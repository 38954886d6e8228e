package io.backprop.tabular;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tables from text. */
public final class TextTable {

    private static final long MOST_CELLS = 1 << 22;

    private TextTable() {}

    public static Table csv(String... lines) {
        return csv((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Table csv(byte[] bytes) {
        TableBuilder builder = new TableBuilder(MOST_CELLS, bytes.length, memory -> {});
        try {
            CsvTables.read(new ByteArrayInputStream(bytes), builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return builder.build();
    }

    /** A table whose rows have no lines. */
    static Table rows(List<String> columns, List<List<String>> rows) {
        TableBuilder builder = new TableBuilder(MOST_CELLS, 0, bytes -> {});
        builder.begin(columns);
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                char[] text = row.get(i).toCharArray();
                builder.cell(i, text, 0, text.length);
            }
            builder.endRow();
        }
        return builder.build();
    }
}
