package io.backprop.prediction.web;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.CsvWriter.CsvWriterRecord;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.backprop.engine.Matrix;
import io.backprop.limits.MemoryBudget;
import io.backprop.prediction.PredictionSink;
import io.backprop.prediction.Predictor;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TargetUnit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.NumberOutput;

/**
 * Writes the rows unchanged, followed by columns for the predictions. Columns of the rows that have the name of one of
 * these are left out. Beside a decimal comma, columns are separated by semicolons.
 */
final class CsvPredictionWriter implements PredictionSink {

    private static final String PREDICTION = "prediction";
    private static final String PROBABILITY = "probability_";
    private static final int BYTES_PER_CELL = 64; // besides its characters
    private static final int COUNTED_AT_ONCE = 1 << 13; // bytes at least, for speed

    private final Predictor predictor;
    private final List<String> classes;
    private final TargetUnit unit;
    private final boolean decimalComma;
    private final CsvWriter csv;
    private final MemoryBudget.Reservation reservation;
    private List<String> replaced = List.of(); // names of columns that are left out
    private int[] kept = {}; // columns
    private List<@Nullable String[]> rows = new ArrayList<>(); // of the batch that is being read
    private long bytes; // of its rows
    private long counted; // of these

    CsvPredictionWriter(
            Predictor predictor, boolean decimalComma, OutputStream out, MemoryBudget.Reservation reservation) {
        this.predictor = predictor;
        this.classes = predictor.classes();
        this.unit = predictor.unit();
        this.decimalComma = decimalComma;
        this.reservation = reservation;
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
            reservation.add(bytes - counted);
            counted = bytes;
        }
    }

    private void writeHeader(List<String> columns) {
        List<String> added = Stream.concat(
                        Stream.of(PREDICTION), classes.stream().map(PROBABILITY::concat))
                .toList();
        kept = IntStream.range(0, columns.size())
                .filter(column -> !added.contains(columns.get(column).strip()))
                .toArray();
        replaced = columns.stream().map(String::strip).filter(added::contains).toList();
        csv.writeRecord(Stream.concat(IntStream.of(kept).mapToObj(columns::get), added.stream())
                .toList());
    }

    @Override
    public List<String> warnings() {
        return replaced.stream()
                .map(name -> "column \"%s\" of the rows is left out for the prediction's".formatted(name))
                .toList();
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
            reservation.add(-bytesOfBatch);
        };
    }

    private void write(List<@Nullable String[]> batch, Matrix predictions) {
        List<String> labels = classes.isEmpty() ? List.of() : predictor.labels(predictions);
        for (int row = 0; row < predictions.rows(); row++) {
            CsvWriterRecord line = csv.writeRecord();
            for (int column : kept) {
                line.writeField(batch.get(row)[column]);
            }
            if (classes.isEmpty()) {
                line.writeField(format(predictions.get(row, 0), unit));
            } else {
                line.writeField(labels.get(row));
                for (float probability : predictor.probabilities(predictions, row)) {
                    line.writeField(format(probability));
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

    private @Nullable String format(float number, TargetUnit unit) {
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
