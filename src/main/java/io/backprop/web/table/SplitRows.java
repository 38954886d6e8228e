package io.backprop.web.table;

import io.backprop.tabular.Header;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableException;
import io.backprop.web.json.JsonInputException;
import io.backprop.web.json.JsonNumbers;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.SimilarNames;
import io.backprop.web.problem.ValueDescriptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The rows of a table as pandas writes them with {@code orient="split"}: a JSON object with the names of the columns, and
 * each row as a list of cells. Its index is ignored.
 */
public final class SplitRows implements RowSource {

    private static final List<String> FIELDS = List.of("columns", "data", "index");

    private final PackedRows rows = new PackedRows();
    private @Nullable List<String> columns; // may come after the rows
    private int width = -1; // of the rows

    private SplitRows() {}

    static SplitRows read(JsonParser parser) {
        if (!parser.isExpectedStartObjectToken()) {
            throw JsonInputException.mustBe("an object with columns and data", parser);
        }
        SplitRows table = new SplitRows();
        for (String field = parser.nextName(); field != null; field = parser.nextName()) {
            try {
                parser.nextToken();
                table.readField(field, parser);
            } catch (TableException e) {
                throw JsonInputException.of(ProblemType.INVALID_FIELD, e.getMessage(), parser)
                        .prependPath(table, field);
            } catch (JacksonException e) {
                throw e.prependPath(table, field);
            }
        }
        table.requireComplete(parser);
        return table;
    }

    private void readField(String field, JsonParser parser) {
        switch (field) {
            case "columns" -> columns = readNames(parser);
            case "data" -> readRows(parser);
            case "index" -> parser.skipChildren();
            default ->
                throw JsonInputException.of(
                        ProblemType.UNREADABLE_FIELD,
                        "field " + ValueDescriptions.received(field) + " "
                                + SimilarNames.describeUnknown(field, FIELDS),
                        parser);
        }
    }

    /** Reads names, which are numbers where pandas has none. */
    private static List<String> readNames(JsonParser parser) {
        JsonNumbers.requireList(parser, "a list of the names of the columns");
        List<String> names = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_STRING
                    && parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw JsonInputException.mustBe("a list of the names of the columns", parser);
            }
            names.add(parser.getString());
            Header.requireCount(names.size());
        }
        return names;
    }

    private void readRows(JsonParser parser) {
        JsonNumbers.requireList(parser, "a list of rows, each a list of cells");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            try {
                readRow(parser);
            } catch (JacksonException e) {
                throw e.prependPath(this, rows.count());
            }
            rows.endRow();
        }
    }

    private void readRow(JsonParser parser) {
        JsonNumbers.requireList(parser, "a list of cells");
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Header.requireCount(count + 1);
            JsonCells.readElement(parser, count, count, rows);
            count++;
        }
        if (rows.count() > 0 && count != width) {
            throw invalid(
                    "row %d of data has %s, but row 0 has %d"
                            .formatted(rows.count(), ValueDescriptions.count(count, "cell"), width),
                    parser);
        }
        width = count;
    }

    private void requireComplete(JsonParser parser) {
        if (columns == null) {
            throw invalid("columns is required, the names of the columns", parser);
        }
        if (rows.count() == 0) {
            throw invalid("data must have at least 1 row, but has none", parser);
        }
        if (columns.size() != width) {
            throw invalid(
                    "the rows of data have %s, but there are %d columns"
                            .formatted(ValueDescriptions.count(width, "cell"), columns.size()),
                    parser);
        }
        rows.begin(columns);
    }

    private static JsonInputException invalid(String message, JsonParser parser) {
        return JsonInputException.of(ProblemType.INVALID_FIELD, message, parser);
    }

    @Override
    public void readInto(RowSink sink) {
        rows.readInto(sink);
    }
}
