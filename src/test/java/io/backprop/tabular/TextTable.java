package io.backprop.tabular;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tables from text. */
public final class TextTable {

    private static final long MOST_CELLS = 1 << 22;

    private TextTable() {}

    public static Table csv(String... lines) {
        return csv((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A table whose rows a column divides. */
    public static Table csv(RowDivision division, String... lines) {
        return csv((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8), division);
    }

    static Table csv(byte[] bytes) {
        return csv(bytes, null);
    }

    private static Table csv(byte[] bytes, @Nullable RowDivision division) {
        TableBuilder builder = new TableBuilder(MOST_CELLS, bytes.length, memory -> {}, division);
        try {
            CsvTables.read(new ByteArrayInputStream(bytes), builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return builder.build();
    }

    /** A table whose rows have no lines. */
    static Table rows(List<String> columns, List<List<String>> rows) {
        TableBuilder builder = new TableBuilder(MOST_CELLS, 0, bytes -> {}, null);
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
