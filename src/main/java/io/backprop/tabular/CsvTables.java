package io.backprop.tabular;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads tables from CSV in UTF-8 with a header line. The header tells the separator: a comma, a semicolon or a tab. */
public final class CsvTables {

    private static final int MAX_CELL_LENGTH = 1 << 20; // characters
    private static final String SEPARATORS = ",;\t";
    private static final Pattern JSON = Pattern.compile("\\s*(\\{\\s*\"|\\[\\s*[\\[{\"]).*", Pattern.DOTALL);
    private static final int JSON_LENGTH = 256; // of the text that tells it is JSON

    private CsvTables() {}

    /**
     * Reads all rows, cell by cell, without holding them in memory. Does not close the stream.
     *
     * @throws TableException if the input is not CSV in UTF-8, if it is not a table, or if the sink rejects it
     */
    public static void read(InputStream in, RowSink sink) throws IOException {
        Rows rows = open(in, sink);
        while (rows.next()) {
            // the sink has received the row
        }
    }

    /** Opens a table that is read at the caller's pace. Reads nothing but its beginning, and never closes the stream. */
    public static Rows open(InputStream in, RowSink sink) throws IOException {
        Utf8Reader text = new Utf8Reader(in);
        String first = StandardCharsets.ISO_8859_1.decode(text.firstBlock()).toString();
        if (JSON.matcher(first.substring(0, Math.min(JSON_LENGTH, first.length())))
                .matches()) {
            throw TableException.json();
        }
        Handler handler = new Handler(sink, text);
        CsvReader<Handler> csv = CsvReader.builder()
                .fieldSeparator(separator(text.firstBlock()))
                .allowUnclosedQuote(false)
                .maxBufferSize(MAX_CELL_LENGTH)
                .build(handler, text);
        return new Rows(csv.iterator(), handler, hasNoLineBreak(first));
    }

    /** A table that is being read. */
    public static final class Rows {

        private final CloseableIterator<Handler> records;
        private final Handler handler;
        private final boolean hasNoLineBreak; // at its beginning

        private Rows(CloseableIterator<Handler> records, Handler handler, boolean hasNoLineBreak) {
            this.records = records;
            this.handler = handler;
            this.hasNoLineBreak = hasNoLineBreak;
        }

        /**
         * Passes the next row to the sink, after the header if it is the first one.
         *
         * @return false if there is none
         * @throws TableException if the input is not CSV in UTF-8, if it is not a table, or if the sink rejects it
         */
        public boolean next() throws IOException {
            try {
                if (records.hasNext()) {
                    records.next();
                    return true;
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (CsvParseException e) {
                RuntimeException translated = handler.translate(e);
                boolean inHeader = !handler.hasRows && hasNoLineBreak;
                throw inHeader && translated instanceof TableException table ? table.withoutLineBreaks() : translated;
            }
            if (handler.columns < 0) {
                throw TableException.invalid("a table must have a header line, but this one is empty");
            }
            if (!handler.hasRows && hasNoLineBreak) {
                throw TableException.invalid("a table must have at least 1 row, but has none")
                        .withoutLineBreaks();
            }
            return false;
        }
    }

    /** Whether the beginning of a text has no line break. */
    private static boolean hasNoLineBreak(String beginning) {
        return !beginning.isEmpty() && beginning.indexOf('\n') < 0 && beginning.indexOf('\r') < 0;
    }

    /** The most frequent separator in the first line, outside of quotes; a comma if there is none. */
    private static char separator(ByteBuffer text) {
        int[] counts = new int[SEPARATORS.length()];
        boolean quoted = false;
        while (text.hasRemaining()) {
            char character = (char) text.get(); // bytes of other characters than ASCII are negative
            if (!quoted && (character == '\n' || character == '\r')) {
                break;
            }
            quoted ^= character == '"';
            int separator = SEPARATORS.indexOf(character);
            if (separator >= 0 && !quoted) {
                counts[separator]++;
            }
        }
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return SEPARATORS.charAt(best);
    }

    /** Passes fields on as cells without creating strings or records. The record of a row is the handler itself. */
    private static final class Handler extends AbstractBaseCsvCallbackHandler<@Nullable Handler> {

        private final RowSink sink;
        private final Utf8Reader text;
        private final List<String> header = new ArrayList<>();
        private int columns = -1; // before the header
        private boolean hasRows; // or at least the beginning of one
        private int characters; // of the row
        private long emptyLines; // since the last row, in a table of one column

        Handler(RowSink sink, Utf8Reader text) {
            this.sink = sink;
            this.text = text;
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
                String name = new String(text, offset, length).strip();
                Header.requireLength(name, index + 1);
                Header.requireCount(index + 1);
                header.add(name);
                return;
            }
            if (index == 0) {
                hasRows = true;
                addEmptyRows();
                sink.beginRow(getStartingLineNumber(), this.text.position());
            }
            if (index < columns) {
                sink.cell(index, RowSink.CellKind.UNTYPED, text, offset, length);
            }
        }

        /** An empty line is a missing value in a table of one column, but not at the end of the file. */
        private void addEmptyRows() {
            for (; emptyLines > 0; emptyLines--) {
                sink.beginRow(getStartingLineNumber() - emptyLines, text.position());
                sink.endRow();
            }
        }

        @Override
        protected @Nullable Handler buildRecord() {
            if (getRecordType() == RecordType.EMPTY) {
                emptyLines += columns == 1 ? 1 : 0;
                return null;
            }
            if (columns < 0) {
                columns = getFieldCount();
                sink.begin(header);
                return null;
            }
            if (getFieldCount() != columns) {
                throw TableException.invalid(
                        "line %d: a row must have as many cells as the header, %d, but has %d%s",
                        getStartingLineNumber(), columns, getFieldCount(), columns == 1 ? Header.SEPARATORS : "");
            }
            sink.endRow();
            return this;
        }

        /** The exception that a failure of the parser means. */
        RuntimeException translate(CsvParseException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            boolean malformed = cause instanceof TableException table && table.kind() == TableException.Kind.UNREADABLE;
            if (cause instanceof RuntimeException exception && !malformed && !(cause instanceof CsvParseException)) {
                return exception;
            }
            String reason = String.valueOf((cause == null ? failure : cause).getMessage());
            return TableException.unreadable("line %d: %s", getStartingLineNumber(), translate(reason));
        }

        private static String translate(String reason) {
            if (reason.startsWith("Unclosed quoted field")) {
                return "a quote that begins in this row is never closed";
            }
            if (reason.startsWith("The maximum buffer size")) {
                return "a cell may have at most %,d characters, but one has more; perhaps a quote is never closed"
                        .formatted(MAX_CELL_LENGTH);
            }
            if (reason.startsWith("Unexpected character after closing quote")) {
                return "a cell continues after its closing quote";
            }
            return reason;
        }
    }
}
