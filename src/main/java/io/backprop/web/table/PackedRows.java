package io.backprop.web.table;

import io.backprop.tabular.RowSink;
import java.util.ArrayList;
import java.util.List;

/** The rows of a table in JSON, as text in memory. */
public final class PackedRows implements RowSink, RowSource {
    /*
     * Each cell is its column + 1, its kind and length in two characters, and its text. Parts never grow: a large table is not
     * copied. Most parts need one byte for each character.
     */

    private static final char END_OF_ROW = 0; // in place of a column
    private static final CellKind[] KINDS = CellKind.values();
    private static final int KIND_SHIFT = 12; // a length needs no more of its first character
    private static final int LENGTH_MASK = (1 << KIND_SHIFT) - 1;
    private static final int MIN_PART = 1 << 10; // characters
    private static final int MAX_PART = 1 << 16;

    private final List<StringBuilder> parts = new ArrayList<>();
    private List<String> columns = List.of();
    private StringBuilder last = new StringBuilder(0);
    private int count;

    @Override
    public void begin(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // the packed rows stay in this process
    public void cell(int column, CellKind kind, char[] text, int offset, int length) {
        reserve(3 + length);
        last.append((char) (column + 1))
                .append((char) (kind.ordinal() << KIND_SHIFT | length >> Character.SIZE))
                .append((char) length);
        last.append(text, offset, length);
    }

    @Override
    public void endRow() {
        reserve(1);
        last.append(END_OF_ROW);
        count++;
    }

    /** Number of rows. */
    public int count() {
        return count;
    }

    private void reserve(int characters) {
        if (characters > last.capacity() - last.length()) {
            int size = Math.min(Math.max(2 * last.capacity(), MIN_PART), MAX_PART);
            last = new StringBuilder(Math.max(size, characters));
            parts.add(last);
        }
    }

    @Override
    public void readInto(RowSink sink) {
        sink.begin(columns);
        for (StringBuilder part : parts) {
            char[] text = new char[part.length()];
            part.getChars(0, text.length, text, 0);
            for (int i = 0; i < text.length; i++) {
                if (text[i] == END_OF_ROW) {
                    sink.endRow();
                } else {
                    int length = (text[i + 1] & LENGTH_MASK) << Character.SIZE | text[i + 2];
                    sink.cell(text[i] - 1, KINDS[text[i + 1] >> KIND_SHIFT], text, i + 3, length);
                    i += 2 + length;
                }
            }
        }
    }

    /** A place among the cells, at first behind those that have been added so far. */
    final class Cursor {

        private int part = parts.size() - 1;
        private int index = last.length();

        /** Passes on the cell at this place as one of another column, and moves to the next cell. */
        void read(int column, char[] buffer, RowSink sink) {
            while (part < 0 || index == parts.get(part).length()) {
                part++;
                index = 0;
            }
            StringBuilder text = parts.get(part);
            char kind = text.charAt(index + 1);
            int length = (kind & LENGTH_MASK) << Character.SIZE | text.charAt(index + 2);
            index += 3;
            text.getChars(index, index + length, buffer, 0);
            sink.cell(column, KINDS[kind >> KIND_SHIFT], buffer, 0, length);
            index += length;
        }
    }
}
