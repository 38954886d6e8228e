package io.backprop.web.table;

import io.backprop.tabular.RowSink;
import java.util.ArrayList;
import java.util.List;

/** The rows of a table as text in memory. */
final class PackedRows implements RowSink, RowSource {

    private static final int END_OF_ROW = -1; // in place of a column

    private final List<Part> parts = new ArrayList<>();
    private List<String> columns = List.of();
    private Part last = new Part(0, 0);

    @Override
    public void begin(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    @Override
    public void cell(int column, char[] text, int offset, int length) {
        if (!last.hasRoom(length)) {
            last = last.next(length);
            parts.add(last);
        }
        last.add(column, text, offset, length);
    }

    @Override
    public void endRow() {
        cell(END_OF_ROW, new char[0], 0, 0);
    }

    @Override
    public void readInto(RowSink sink) {
        sink.begin(columns);
        parts.forEach(part -> part.readInto(sink));
    }

    /** Parts grow up to a fixed size and are never copied. */
    private static final class Part {

        private static final int MIN_CHARACTERS = 256;
        private static final int MAX_CHARACTERS = 1 << 16;
        private static final int CHARACTERS_PER_CELL = 4;

        private final char[] text;
        private final int[] columns; // of the cells
        private final int[] ends; // of the cells in the text
        private int cells;
        private int used; // of the text

        Part(int characters, int cells) {
            this.text = new char[characters];
            this.columns = new int[cells];
            this.ends = new int[cells];
        }

        Part next(int minCharacters) {
            int characters = Math.min(Math.max(2 * text.length, MIN_CHARACTERS), MAX_CHARACTERS);
            return new Part(Math.max(characters, minCharacters), characters / CHARACTERS_PER_CELL);
        }

        boolean hasRoom(int characters) {
            return cells < ends.length && characters <= text.length - used;
        }

        void add(int column, char[] cell, int offset, int length) {
            System.arraycopy(cell, offset, text, used, length);
            used += length;
            columns[cells] = column;
            ends[cells] = used;
            cells++;
        }

        void readInto(RowSink sink) {
            int start = 0;
            for (int i = 0; i < cells; i++) {
                if (columns[i] == END_OF_ROW) {
                    sink.endRow();
                } else {
                    sink.cell(columns[i], text, start, ends[i] - start);
                }
                start = ends[i];
            }
        }
    }
}
