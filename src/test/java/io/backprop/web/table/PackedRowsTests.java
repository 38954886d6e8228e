package io.backprop.web.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.tabular.RowSink;
import io.backprop.tabular.RowSink.CellKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedRowsTests {

    private static final List<String> COLUMNS = List.of("a", "b", "c");
    private static final List<CellKind> KINDS = List.of(CellKind.TEXT, CellKind.UNTYPED, CellKind.NUMBER);

    @Test
    void returnsRowsOfAnyLength() {
        Random random = new Random(1);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            int length = i % 5_000 == 0 ? 200_000 : random.nextInt(8);
            rows.add(List.of("x".repeat(length), "", Integer.toString(i)));
        }

        PackedRows packed = new PackedRows();
        packed.begin(COLUMNS);
        for (List<String> row : rows) {
            List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
            Collections.shuffle(order, random);
            for (int column : order) {
                char[] text = ("_" + row.get(column)).toCharArray();
                packed.cell(column, KINDS.get(column), text, 1, text.length - 1);
            }
            packed.endRow();
        }
        Collector collector = new Collector();
        packed.readInto(collector);

        assertThat(collector.columns).isEqualTo(COLUMNS);
        assertThat(collector.rows).isEqualTo(rows);
    }

    private static final class Collector implements RowSink {

        private final List<List<String>> rows = new ArrayList<>();
        private List<String> columns = List.of();
        private String[] row = {};

        @Override
        public void begin(List<String> columns) {
            this.columns = columns;
            this.row = new String[columns.size()];
        }

        @Override
        public void cell(int column, CellKind kind, char[] text, int offset, int length) {
            assertThat(kind).isEqualTo(KINDS.get(column));
            row[column] = new String(text, offset, length);
        }

        @Override
        public void endRow() {
            rows.add(new ArrayList<>(Arrays.asList(row)));
            Arrays.fill(row, "missing");
        }
    }
}
