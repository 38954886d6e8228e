package io.backprop.driver;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.CsvWriter.CsvWriterRecord;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.backprop.engine.Matrix;
import io.backprop.tabular.PredictionColumns;
import io.backprop.tabular.PredictionSink;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.TargetUnit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.NumberOutput;

/**
 * Writes a table as CSV: its rows unchanged, followed by the {@link PredictionColumns}. Beside a decimal comma, columns are
 * separated by semicolons. The service answers requests with it, and a driver writes the tables that it scores.
 */
public final class CsvPredictionWriter implements PredictionSink {

    private static final int BYTES_PER_CELL = 64; // besides its characters
    private static final int COUNTED_AT_ONCE = 1 << 13; // bytes at least, for speed

    private final TableScorer scorer;
    private final List<String> classes;
    private final TargetUnit unit;
    private final PredictionColumns added;
    private final boolean decimalComma;
    private final CsvWriter csv;
    private final LongConsumer memory;
    private List<String> header = List.of(); // of the rows
    private int[] kept = {}; // columns
    private List<@Nullable String[]> rows = new ArrayList<>(); // of the batch that is being read
    private long bytes; // of its rows
    private long counted; // of these

    /**
     * @param decimalComma whether numbers are written with a decimal comma
     * @param out not closed
     * @param memory receives changes of the number of bytes that are kept until their batch is written
     */
    public CsvPredictionWriter(TableScorer scorer, boolean decimalComma, OutputStream out, LongConsumer memory) {
        this.scorer = scorer;
        this.classes = scorer.classes();
        this.unit = scorer.unit();
        this.added = scorer.addedColumns();
        this.decimalComma = decimalComma;
        this.memory = memory;
        this.csv = CsvWriter.builder()
                .fieldSeparator(decimalComma ? ';' : ',')
                .lineDelimiter(LineDelimiter.LF)
                .build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    @Override
    public RowSink tap(RowSink sink) {
        return new RowSink() {
            private @Nullable String[] row = {}; // null where a cell is left out

            @Override
            public void begin(List<String> columns) {
                writeHeader(columns);
                sink.begin(columns);
                row = new @Nullable String[columns.size()];
            }

            @Override
            public void beginRow(long line, long bytesBefore) {
                sink.beginRow(line, bytesBefore);
            }

            @Override
            public void cell(int column, CellKind kind, char[] text, int offset, int length) {
                count(length);
                String cell = new String(text, offset, length);
                row[column] = kind == CellKind.NUMBER ? localized(cell) : cell;
                sink.cell(column, kind, text, offset, length);
            }

            @Override
            public void endRow() {
                rows.add(row);
                row = new @Nullable String[row.length];
                sink.endRow();
            }
        };
    }

    private void count(int length) {
        bytes += BYTES_PER_CELL + length;
        if (bytes - counted >= COUNTED_AT_ONCE) {
            memory.accept(bytes - counted);
            counted = bytes;
        }
    }

    private void writeHeader(List<String> columns) {
        header = List.copyOf(columns);
        kept = added.kept(columns);
        csv.writeRecord(Stream.concat(IntStream.of(kept).mapToObj(columns::get), added.names().stream())
                .toList());
    }

    @Override
    public List<String> warnings() {
        return added.warnings(header);
    }

    @Override
    public Consumer<Matrix> endBatch() {
        List<@Nullable String[]> batch = rows;
        long bytesOfBatch = counted;
        rows = new ArrayList<>();
        bytes = 0;
        counted = 0;
        return predictions -> {
            write(batch, predictions);
            memory.accept(-bytesOfBatch);
        };
    }

    private void write(List<@Nullable String[]> batch, Matrix predictions) {
        List<String> labels = classes.isEmpty() ? List.of() : scorer.labels(predictions);
        Matrix probabilities = classes.isEmpty() ? predictions : scorer.probabilities(predictions);
        for (int row = 0; row < predictions.rows(); row++) {
            CsvWriterRecord line = csv.writeRecord();
            for (int column : kept) {
                line.writeField(batch.get(row)[column]);
            }
            if (classes.isEmpty()) {
                line.writeField(inUnit(predictions.get(row, 0)));
            } else {
                line.writeField(labels.get(row));
                for (int i = 0; i < classes.size(); i++) {
                    line.writeField(format(probabilities.get(row, i)));
                }
            }
            line.endRecord();
        }
        try {
            csv.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String inUnit(float number) {
        return unit.isDate() ? unit.toIso8601(number) : format(number);
    }

    /** Formats a number as in JSON but for the decimal separator; one that is not finite gives an empty field. */
    private String format(float number) {
        return Float.isFinite(number) ? localized(NumberOutput.toString(number, true)) : "";
    }

    private String localized(String number) {
        return decimalComma ? number.replace('.', ',') : number;
    }
}
