package io.backprop.prediction.web;

import io.backprop.engine.Matrix;
import io.backprop.prediction.Prediction;
import io.backprop.web.table.RowText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes rows as they came, with columns for what was predicted behind them, or in place of columns of the same names. */
final class CsvPredictionWriter implements PredictionWriter {

    private static final String PREDICTION = "prediction";
    private static final String PROBABILITY = "probability_";

    private final List<String> classes;
    private final Writer out;
    private RowText rows = new RowText();
    private RowText ended = new RowText(); // the rows of the part before
    private final CsvLines lines = new CsvLines();
    private int[] kept = {}; // columns

    /**
     * @param classes names of all; none unless the model classifies
     */
    CsvPredictionWriter(List<String> classes, OutputStream out) {
        this.classes = classes;
        this.out = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    }

    @Override
    public void begin(List<String> columns) {
        rows.begin(columns);
        ended.begin(columns);
        List<String> added = Stream.concat(
                        Stream.of(PREDICTION), classes.stream().map(PROBABILITY::concat))
                .toList();
        kept = IntStream.range(0, columns.size())
                .filter(column -> !added.contains(columns.get(column).strip()))
                .toArray();
        IntStream.of(kept).mapToObj(columns::get).forEach(lines::addCell);
        added.forEach(lines::addCell);
        lines.endLine();
    }

    @Override
    public void cell(int column, char[] text, int offset, int length) {
        rows.cell(column, text, offset, length);
    }

    @Override
    public void endRow() {
        rows.endRow();
    }

    @Override
    public Consumer<Prediction> endPart() {
        RowText part = rows;
        rows = ended;
        ended = part;
        return prediction -> write(part, prediction);
    }

    private void write(RowText part, Prediction prediction) {
        for (int row = 0; row < part.rows(); row++) {
            for (int column : kept) {
                int start = part.start(row, column);
                lines.addCell(part.text(), start, part.end(row, column) - start);
            }
            addPrediction(prediction, row);
            lines.endLine();
        }
        part.clear();
        try {
            lines.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addPrediction(Prediction prediction, int row) {
        Matrix predictions = prediction.predictions();
        if (prediction.labels() == null) {
            lines.addCell(predictions.get(row, 0));
            return;
        }
        lines.addCell(prediction.labels().get(row));
        for (int i = 0; i < classes.size(); i++) {
            lines.addCell(Probabilities.of(predictions, row, i));
        }
    }
}
