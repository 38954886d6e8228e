package io.backprop.tabular;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tables from text, for tests. */
final class TextTable {

    private static final long MOST_CELLS = 1 << 22;

    private TextTable() {}

    static Table csv(String... lines) {
        return csv((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Table csv(byte[] bytes) {
        TableBuilder builder = new TableBuilder(MOST_CELLS, bytes.length, taken -> {});
        try {
            CsvTables.read(new ByteArrayInputStream(bytes), builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return builder.build();
    }

    /** Rows as JSON would bring them: without lines, a null for what a row does not have. */
    static Table rows(List<String> columns, List<List<String>> rows) {
        TableBuilder builder = new TableBuilder(MOST_CELLS, 0, taken -> {});
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
