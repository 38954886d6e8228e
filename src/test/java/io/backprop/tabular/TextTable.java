package io.backprop.tabular;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tables from text. */
public final class TextTable {

    static final CellRules SKIP_INVALID = new CellRules(CellFormat.DEFAULT, InvalidCells.MISSING);

    private static final long MOST_CELLS = 1 << 22;

    private TextTable() {}

    public static Table csv(String... lines) {
        return csv((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A table whose rows a column divides. */
    public static Table csv(RowDivision division, String... lines) {
        return csv((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8), CellRules.DEFAULT, division);
    }

    public static Table csv(CellRules rules, String... lines) {
        return csv((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8), rules);
    }

    static Table csv(byte[] bytes) {
        return csv(bytes, CellRules.DEFAULT);
    }

    static Table csv(byte[] bytes, CellRules rules) {
        return csv(bytes, rules, null);
    }

    private static Table csv(byte[] bytes, CellRules rules, @Nullable RowDivision division) {
        TableBuilder builder = new TableBuilder(MOST_CELLS, bytes.length, rules, memory -> {}, division);
        try {
            CsvTables.read(new ByteArrayInputStream(bytes), builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return builder.build();
    }

    /** A table whose rows have no lines. */
    static Table rows(List<String> columns, List<List<String>> rows) {
        return rows(columns, rows, CellRules.DEFAULT);
    }

    static Table rows(List<String> columns, List<List<String>> rows, CellRules rules) {
        return rows(columns, rows, rules, null);
    }

    static Table rows(List<String> columns, List<List<String>> rows, CellRules rules, @Nullable RowDivision division) {
        TableBuilder builder = new TableBuilder(MOST_CELLS, 0, rules, bytes -> {}, division);
        builder.begin(columns);
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                char[] text = row.get(i).toCharArray();
                builder.cell(i, RowSink.CellKind.UNTYPED, text, 0, text.length);
            }
            builder.endRow();
        }
        return builder.build();
    }
}
