package io.backprop.prediction.web;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.CsvWriter.CsvWriterRecord;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.backprop.engine.Matrix;
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
 * these are left out.
 */
final class CsvPredictionWriter implements PredictionSink {

    private static final String PREDICTION = "prediction";
    private static final String PROBABILITY = "probability_";

    private final Predictor predictor;
    private final List<String> classes;
    private final TargetUnit unit;
    private final CsvWriter csv;
    private int[] kept = {}; // columns
    private List<@Nullable String[]> rows = new ArrayList<>(); // of the batch that is being read

    CsvPredictionWriter(Predictor predictor, OutputStream out) {
        this.predictor = predictor;
        this.classes = predictor.classes();
        this.unit = predictor.unit();
        this.csv = CsvWriter.builder()
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
                row[column] = new String(text, offset, length);
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

    private void writeHeader(List<String> columns) {
        List<String> added = Stream.concat(
                        Stream.of(PREDICTION), classes.stream().map(PROBABILITY::concat))
                .toList();
        kept = IntStream.range(0, columns.size())
                .filter(column -> !added.contains(columns.get(column).strip()))
                .toArray();
        csv.writeRecord(Stream.concat(IntStream.of(kept).mapToObj(columns::get), added.stream())
                .toList());
    }

    @Override
    public Consumer<Matrix> endBatch() {
        List<@Nullable String[]> batch = rows;
        rows = new ArrayList<>();
        return predictions -> write(batch, predictions);
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

    private static @Nullable String format(float number, TargetUnit unit) {
        return unit.isDate() ? unit.toIso8601(number) : format(number);
    }

    /** Formats a number as in JSON; one that is not finite gives an empty field. */
    private static String format(float number) {
        return Float.isFinite(number) ? NumberOutput.toString(number, true) : "";
    }
}
