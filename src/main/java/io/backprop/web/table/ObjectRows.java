package io.backprop.web.table;

import io.backprop.tabular.FileSignatures;
import io.backprop.tabular.Header;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.RowSink.CellKind;
import io.backprop.tabular.TableException;
import io.backprop.web.json.JsonInputException;
import io.backprop.web.json.JsonProblems;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ValueDescriptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/** Reads flat JSON objects with the same fields as rows of a table. The first object names the columns; null is a gap. */
final class ObjectRows {

    private record Cell(CellKind kind, String text) {}

    private final JsonParser parser;
    private final boolean inLines; // NDJSON, whose messages name lines
    private final RowSink sink;
    private final List<String> columns = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private int[] lastRowWith = {}; // by column
    private int row;
    private long line;
    private int characters; // of the current row

    private ObjectRows(JsonParser parser, boolean inLines, RowSink sink) {
        this.parser = parser;
        this.inLines = inLines;
        this.sink = sink;
    }

    /** Reads a JSON array of objects, whose first token is the current one. */
    static void readList(JsonParser parser, RowSink sink) {
        if (!parser.isExpectedStartArrayToken()) {
            throw JsonInputException.mustBe("a list of objects", parser);
        }
        parser.nextToken();
        readElements(parser, sink);
    }

    /** Reads from the first object, whose first token is the current one, to the end of the array. */
    static void readElements(JsonParser parser, RowSink sink) {
        ObjectRows rows = new ObjectRows(parser, false, sink);
        try {
            while (parser.currentToken() != JsonToken.END_ARRAY) {
                rows.readRow();
                parser.nextToken();
            }
        } catch (TableException e) {
            JsonInputException translated = translated(e, parser);
            throw e.kind() == TableException.Kind.TOO_LARGE ? translated : translated.prependPath(sink, rows.row);
        } catch (JacksonException e) {
            throw e.prependPath(sink, rows.row);
        }
        if (rows.row == 0) {
            String field = parser.currentName();
            throw JsonInputException.of(
                    ProblemType.INVALID_FIELD,
                    (field == null ? "a table" : field) + " must have at least 1 row, but has none",
                    parser);
        }
    }

    private static JsonInputException translated(TableException e, JsonParser parser) {
        ProblemType type = switch (e.kind()) {
            case UNREADABLE, JSON -> ProblemType.UNREADABLE_FIELD;
            case INVALID, NO_LINE_BREAKS -> ProblemType.INVALID_FIELD;
            case TOO_LARGE -> ProblemType.LIMIT_EXCEEDED;
        };
        return JsonInputException.of(type, e.getMessage(), parser);
    }

    /** Reads an object from each line. The stream is not closed. */
    static void readLines(JsonMapper mapper, InputStream in, RowSink sink) throws IOException {
        JsonParser parser = mapper.reader()
                .without(StreamReadFeature.STRICT_DUPLICATE_DETECTION) // rows detect duplicates themselves
                .createParser(FileSignatures.check(in));
        ObjectRows rows = new ObjectRows(parser, true, sink);
        try {
            while (parser.nextToken() != null) {
                rows.readRow();
            }
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            throw TableException.unreadable(
                    "line %d %s", parser.currentLocation().getLineNr(), JsonProblems.describe(e));
        }
        if (rows.row == 0) {
            throw noRows();
        }
    }

    private static TableException noRows() {
        return TableException.invalid("a table must have at least 1 row, but has none");
    }

    /** Reads from the first token of a row, which is the current one, to its last. */
    private void readRow() {
        if (inLines) {
            line = parser.currentTokenLocation().getLineNr();
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw unreadable("must be an object, such as {\"age\": 31}, but was " + ValueDescriptions.received(parser));
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
        List<Cell> cells = new ArrayList<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (indexes.putIfAbsent(name, columns.size()) != null) {
                throw unreadable(field(name) + " is given more than once");
            }
            columns.add(name);
            Header.requireCount(columns.size());
            parser.nextToken();
            requireCell(name);
            boolean gap = parser.currentToken() == JsonToken.VALUE_NULL;
            cells.add(new Cell(JsonCells.kind(parser), gap ? "" : parser.getString()));
        }
        lastRowWith = new int[columns.size()];
        sink.begin(columns);
        beginRow();
        for (int i = 0; i < columns.size(); i++) {
            char[] text = cells.get(i).text().toCharArray();
            sink.cell(i, cells.get(i).kind(), text, 0, text.length);
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
            requireCell(name);
            JsonCells.read(parser, column, sink);
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

    /** Checks the field's value. The length of a value is added to that of the row. */
    private void requireCell(String name) {
        JsonToken token = parser.currentToken();
        if (!token.isScalarValue()) {
            throw unreadable(
                    field(name) + " must be " + JsonCells.TYPES + ", but was " + ValueDescriptions.kindOf(token));
        }
        characters += token == JsonToken.VALUE_NULL ? 0 : parser.getStringLength();
        if (characters > RowSink.MAX_ROW_CHARACTERS) {
            throw invalid("a row may have at most %,d characters, but has more".formatted(RowSink.MAX_ROW_CHARACTERS));
        }
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
