package io.backprop.tabular;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Hands the fields of CSV records on as cells, without making Strings of them; there never is a record to give back. */
final class CsvRows extends AbstractBaseCsvCallbackHandler<@Nullable Void> {

    private final RowSink sink;
    private final LongSupplier bytesRead;
    private final List<String> header = new ArrayList<>();
    private int columns = -1; // before the header has been read
    private int characters; // of the row
    private long emptyLines; // since the last row, if there is one column

    CsvRows(RowSink sink, LongSupplier bytesRead) {
        this.sink = sink;
        this.bytesRead = bytesRead;
    }

    @Override
    protected void handleField(int index, char[] text, int offset, int length, boolean quoted) {
        characters = length + (index == 0 ? 0 : characters);
        if (characters > RowSink.MAX_ROW_CHARACTERS) {
            throw TableException.invalid(
                    "line %d: a row may have at most %,d characters, but has more",
                    getStartingLineNumber(), RowSink.MAX_ROW_CHARACTERS);
        }
        if (columns < 0) {
            header.add(Header.requireLength(new String(text, offset, length).strip(), index + 1));
            Header.requireCount(header.size());
        } else {
            if (index == 0) {
                addGaps();
                sink.beginRow(getStartingLineNumber(), bytesRead.getAsLong());
            }
            if (index < columns) {
                sink.cell(index, text, offset, length);
            }
        }
    }

    /** In one column a gap is an empty line; those after the last row are none, as nothing tells them from a file's end. */
    private void addGaps() {
        for (; emptyLines > 0; emptyLines--) {
            sink.beginRow(getStartingLineNumber() - emptyLines, bytesRead.getAsLong());
            sink.endRow();
        }
    }

    @Override
    protected @Nullable Void buildRecord() {
        if (getRecordType() == RecordType.EMPTY) {
            emptyLines += columns == 1 ? 1 : 0;
            return null;
        }
        if (columns < 0) {
            columns = getFieldCount();
            sink.begin(header);
        } else if (getFieldCount() != columns) {
            throw TableException.invalid(
                    "line %d: a row must have as many cells as the header, %d, but has %d",
                    getStartingLineNumber(), columns, getFieldCount());
        } else {
            sink.endRow();
        }
        return null;
    }

    void requireHeader() {
        if (columns < 0) {
            throw TableException.invalid("a table must have a header line, but this one is empty");
        }
    }

    /** What a failure of the parser means for whoever sent the table. */
    RuntimeException explain(CsvParseException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof TableException unreadable && unreadable.kind() == TableException.Kind.UNREADABLE) {
            return TableException.unreadable("%s", atLine(unreadable.getMessage()));
        }
        if (cause instanceof RuntimeException exception && !(cause instanceof CsvParseException)) {
            return exception;
        }
        return TableException.unreadable("%s", atLine(reason(cause == null ? failure : cause)));
    }

    private static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith("Unclosed quoted field")) {
            return "a quote that begins in this row is never closed";
        }
        if (message.startsWith("The maximum buffer size")) {
            return "a cell may have at most %,d characters, but one has more; perhaps a quote is never closed"
                    .formatted(CsvTables.LONGEST_CELL);
        }
        if (message.startsWith("Unexpected character after closing quote")) {
            return "a cell goes on after its closing quote";
        }
        return message;
    }

    private String atLine(String message) {
        return "line %d: %s".formatted(getStartingLineNumber(), message);
    }
}
