package io.backprop.web.table;

import io.backprop.tabular.Header;
import io.backprop.tabular.RowSink;
import io.backprop.web.json.JsonInputException;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ValueDescriptions;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The rows of a table that is a JSON object of columns, each a list of cells. */
final class ColumnRows implements RowSource {
    /*
     * The columns are packed one after the other. While rows are read, a cursor in each column is at the cell of the row.
     */

    private final PackedRows cells = new PackedRows();
    private final List<String> names = new ArrayList<>();
    private final List<PackedRows.Cursor> columns = new ArrayList<>();
    private int rows; // of the first column
    private int longest; // length of a cell

    boolean isEmpty() {
        return names.isEmpty();
    }

    /** Adds a column. Reads from its first cell, which is the current token, to the end of the list. */
    void readColumn(String name, JsonParser parser) {
        names.add(name);
        Header.requireCount(names.size());
        columns.add(cells.new Cursor());
        int count = 0;
        while (parser.currentToken() != JsonToken.END_ARRAY) {
            JsonCells.readElement(parser, count, 0, cells);
            longest = Math.max(longest, parser.getStringLength());
            count++;
            parser.nextToken();
        }
        requireCount(count, parser);
    }

    private void requireCount(int count, JsonParser parser) {
        if (names.size() == 1) {
            rows = count;
        }
        if (count != rows || rows == 0) {
            String name = ValueDescriptions.received(names.get(names.size() - 1));
            String rule = rows == 0
                    ? "must have at least 1 cell, but has none"
                    : "has %s, but column %s has %d"
                            .formatted(
                                    ValueDescriptions.count(count, "cell"),
                                    ValueDescriptions.received(names.get(0)),
                                    rows);
            throw JsonInputException.of(ProblemType.INVALID_FIELD, "column " + name + " " + rule, parser);
        }
    }

    @Override
    public void readInto(RowSink sink) {
        sink.begin(names);
        char[] buffer = new char[longest];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns.size(); column++) {
                columns.get(column).read(column, buffer, sink);
            }
            sink.endRow();
        }
    }
}
