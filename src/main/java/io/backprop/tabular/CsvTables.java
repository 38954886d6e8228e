package io.backprop.tabular;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackReader;
import java.io.UncheckedIOException;

/** Reads tables from CSV in UTF-8 with a header line; the separator, {@code ,} {@code ;} or tab, is found from the header. */
public final class CsvTables {

    private static final int LONGEST_CELL = 1 << 20; // characters
    private static final int BEGINNING = 1 << 16; // characters in which the header's end is looked for

    private CsvTables() {}

    /**
     * Reads all rows, cell by cell and never the whole. The stream is not closed.
     *
     * @throws UnreadableTableException if it is no CSV in UTF-8
     * @throws InvalidTableException if it is, but no table, or the sink refuses it
     */
    public static void read(InputStream in, RowSink sink) throws IOException {
        Utf8Reader decoder = Utf8Reader.open(in);
        char[] beginning = new char[BEGINNING];
        int length = readBeginning(decoder, beginning);
        PushbackReader reader = new PushbackReader(decoder, BEGINNING);
        reader.unread(beginning, 0, length);
        CsvRows rows = new CsvRows(sink, decoder::position);
        CsvReader<Void> csv = CsvReader.builder()
                .fieldSeparator(Separators.find(beginning, length))
                .allowUnclosedQuote(false)
                .maxBufferSize(LONGEST_CELL)
                .build(rows, reader);
        readAll(csv, rows);
        rows.requireHeader();
    }

    private static int readBeginning(Utf8Reader decoder, char[] into) throws IOException {
        int length = 0;
        try {
            int count = 1;
            while (count > 0) {
                count = decoder.read(into, length, into.length - length);
                length += Math.max(count, 0);
            }
        } catch (UnreadableTableException e) {
            return length; // it is thrown again when the rows before it have been read, and their lines counted
        }
        return length;
    }

    private static void readAll(CsvReader<Void> csv, CsvRows rows) throws IOException {
        CloseableIterator<Void> none = csv.iterator();
        try {
            while (none.hasNext()) { // it takes all rows, as each is used up where it is read
                none.next();
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            throw rows.explain(e);
        }
    }
}
