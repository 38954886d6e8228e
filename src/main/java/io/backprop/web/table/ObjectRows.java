package io.backprop.web.table;

import io.backprop.tabular.Header;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableException;
import io.backprop.web.problem.ValueDescriptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Hands flat JSON objects on as rows of a table, whose columns are the fields of the first; null is a gap. */
final class ObjectRows {

    private static final char[] GAP = {};

    private final JsonParser parser;
    private final boolean inLines; // whether rows are told apart by their lines
    private final RowSink sink;
    private final List<String> columns = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private int[] lastRowWith = {}; // by column
    private int row;
    private long line;
    private int characters; // of the row

    ObjectRows(JsonParser parser, boolean inLines, RowSink sink) {
        this.parser = parser;
        this.inLines = inLines;
        this.sink = sink;
    }

    /** Reads the row that begins with the current token, and ends with its last. */
    void readRow() {
        if (inLines) {
            line = parser.currentTokenLocation().getLineNr();
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw unreadable("must be an object, but was " + ValueDescriptions.received(parser));
        }
        characters = 0;
        if (row == 0) {
            readFirst();
        } else {
            beginRow();
            readOther();
        }
        sink.endRow();
        row++;
    }

    private void beginRow() {
        if (inLines) {
            sink.beginRow(line, parser.currentTokenLocation().getByteOffset());
        }
    }

    private void readFirst() {
        List<char[]> cells = new ArrayList<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (indexes.putIfAbsent(name, columns.size()) != null) {
                throw unreadable(field(name) + " is given more than once");
            }
            columns.add(name);
            Header.requireCount(columns.size());
            parser.nextToken();
            cells.add(isGap(name) ? GAP : parser.getString().toCharArray());
        }
        lastRowWith = new int[columns.size()];
        sink.begin(columns);
        beginRow();
        for (int i = 0; i < columns.size(); i++) {
            sink.cell(i, cells.get(i), 0, cells.get(i).length);
        }
    }

    private void readOther() {
        int count = 0;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            int column = indexOf(name, count);
            if (lastRowWith[column] == row) {
                throw unreadable(field(name) + " is given more than once");
            }
            lastRowWith[column] = row;
            count++;
            parser.nextToken();
            if (isGap(name)) {
                sink.cell(column, GAP, 0, 0);
            } else {
                sink.cell(column, parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
            }
        }
        if (count < columns.size()) {
            throw missing();
        }
    }

    private int indexOf(String name, int likely) {
        if (likely < columns.size() && columns.get(likely).equals(name)) {
            return likely;
        }
        Integer index = indexes.get(name);
        if (index == null) {
            throw invalid(field(name) + " is not in the first row; all rows must have the same fields, null for a gap");
        }
        return index;
    }

    private TableException missing() {
        for (int i = 0; i < columns.size(); i++) {
            if (lastRowWith[i] != row) {
                return invalid("has no field " + ValueDescriptions.received(columns.get(i))
                        + " as the first row has; all rows must have the same fields, null for a gap");
            }
        }
        throw new AssertionError();
    }

    /** Whether the field's value is none; if it is one, it is counted. */
    private boolean isGap(String name) {
        JsonToken token = parser.currentToken();
        if (!token.isScalarValue()) {
            throw unreadable(field(name) + " must be a number, text, true, false or null, but was "
                    + ValueDescriptions.kindOf(token));
        }
        if (token == JsonToken.VALUE_NULL) {
            return true;
        }
        characters += parser.getStringLength();
        if (characters > RowSink.MAX_ROW_CHARACTERS) {
            throw invalid("a row may have at most %,d characters, but has more".formatted(RowSink.MAX_ROW_CHARACTERS));
        }
        return false;
    }

    private static String field(String name) {
        return "field " + ValueDescriptions.received(name);
    }

    private TableException unreadable(String message) {
        return TableException.unreadable("%s: %s", place(), message);
    }

    private TableException invalid(String message) {
        return TableException.invalid("%s: %s", place(), message);
    }

    private String place() {
        return inLines ? "line " + line : "row " + row;
    }
}
