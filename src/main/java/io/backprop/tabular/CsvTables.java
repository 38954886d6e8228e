package io.backprop.tabular;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads tables from CSV in UTF-8 with a header line; the separator, {@code ,} {@code ;} or tab, is found from the header. */
public final class CsvTables {

    static final int LONGEST_CELL = 1 << 20; // characters
    private static final int BEGINNING = 1 << 16; // characters in which the header's end is looked for

    private CsvTables() {}

    /**
     * Reads all rows, cell by cell and never the whole. The stream is not closed.
     *
     * @throws TableException if it is no CSV in UTF-8
     * @throws TableException if it is, but no table, or the sink refuses it
     */
    public static void read(InputStream in, RowSink sink) throws IOException {
        Utf8Reader decoder = Utf8Reader.open(in);
        char separator = Separators.find(decoder.peek(BEGINNING));
        CsvRows rows = new CsvRows(sink, decoder::position);
        CsvReader<Void> csv = CsvReader.builder()
                .fieldSeparator(separator)
                .allowUnclosedQuote(false)
                .maxBufferSize(LONGEST_CELL)
                .build(rows, decoder);
        readAll(csv, rows);
        rows.requireHeader();
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
