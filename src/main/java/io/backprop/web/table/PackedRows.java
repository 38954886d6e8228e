package io.backprop.web.table;

import io.backprop.tabular.CellRules;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableBuilder;
import io.backprop.tabular.TableException;
import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    public Table toTable(CellRules rules, @Nullable RowDivision division) {
        long maxCells = TableRequestConverter.maxCells(0);
        TableBuilder builder = new TableBuilder(maxCells, 0, rules, bytes -> {}, division); // counted as JSON
        try {
            readInto(builder);
        } catch (TableException e) {
            throw e.kind() == TableException.Kind.INVALID
                    ? ProblemType.INVALID_FIELD.exception(
                            FieldProblem.sentence("/rows/" + builder.rows(), e.getMessage()))
                    : e;
        }
        return builder.build();
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
}
