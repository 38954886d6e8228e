package io.backprop.prediction.web;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.CsvWriter.CsvWriterRecord;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.backprop.engine.Matrix;
import io.backprop.prediction.PredictionSink;
import io.backprop.prediction.Predictor;
import io.backprop.tabular.RowSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    private final CsvWriter csv;
    private int[] kept = {}; // columns
    private Rows rows = new Rows(0); // of the batch that is being read

    CsvPredictionWriter(Predictor predictor, OutputStream out) {
        this.predictor = predictor;
        this.classes = predictor.classes();
        this.csv = CsvWriter.builder()
                .lineDelimiter(LineDelimiter.LF)
                .build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    @Override
    public RowSink tap(RowSink sink) {
        return new RowSink() {
            @Override
            public void begin(List<String> columns) {
                writeHeader(columns);
                sink.begin(columns);
                rows = new Rows(columns.size());
            }

            @Override
            public void beginRow(long line, long bytesBefore) {
                sink.beginRow(line, bytesBefore);
            }

            @Override
            public void cell(int column, char[] text, int offset, int length) {
                rows.addCell(column, text, offset, length);
                sink.cell(column, text, offset, length);
            }

            @Override
            public void endRow() {
                rows.endRow();
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
        Rows batch = rows;
        rows = new Rows(batch.columns);
        return predictions -> write(batch, predictions);
    }

    private void write(Rows batch, Matrix predictions) {
        List<String> labels = classes.isEmpty() ? List.of() : predictor.labels(predictions);
        for (int row = 0; row < predictions.rows(); row++) {
            CsvWriterRecord line = csv.writeRecord();
            for (int column : kept) {
                line.writeField(batch.cell(row, column));
            }
            if (classes.isEmpty()) {
                line.writeField(format(predictions.get(row, 0)));
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

    /** Formats a number as in JSON; one that is not finite gives an empty field. */
    private static String format(float number) {
        return Float.isFinite(number) ? NumberOutput.toString(number, true) : "";
    }

    /** The text of rows. Cells become strings only when they are written, by the second thread (benchmark TableServing). */
    private static final class Rows {

        private final int columns;
        private char[] text = new char[1 << 12];
        private int used; // of the text
        private int[] ends = {}; // rows × columns, in the text; 0 if a cell is left out
        private int[] starts = {};
        private int count;

        Rows(int columns) {
            this.columns = columns;
            endRow();
            count = 0;
        }

        void addCell(int column, char[] cell, int offset, int length) {
            if (text.length - used < length) {
                text = Arrays.copyOf(text, Math.max(2 * text.length, used + length));
            }
            System.arraycopy(cell, offset, text, used, length);
            starts[count * columns + column] = used;
            used += length;
            ends[count * columns + column] = used;
        }

        void endRow() {
            count++;
            if ((count + 1) * columns > ends.length) {
                starts = Arrays.copyOf(starts, 2 * (count + 1) * columns);
                ends = Arrays.copyOf(ends, starts.length);
            }
        }

        String cell(int row, int column) {
            int start = starts[row * columns + column];
            return new String(text, start, ends[row * columns + column] - start);
        }
    }
}
