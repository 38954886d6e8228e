package io.backprop.model.web;

import io.backprop.engine.Matrix;
import io.backprop.model.Prediction;
import io.backprop.web.RowText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.io.NumberOutput;

/** Writes rows as they came, with columns for what was predicted behind them, or in place of columns of the same names. */
final class CsvPredictions implements PredictionSink {

    private static final String PREDICTION = "prediction";
    private static final String PROBABILITY = "probability_";

    private final List<String> classes;
    private final Writer out;
    private final RowText rows = new RowText();
    private int[] kept = {}; // columns

    /**
     * @param classes names of all; none unless the model classifies
     */
    CsvPredictions(List<String> classes, OutputStream out) {
        this.classes = classes;
        this.out = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    }

    @Override
    public void begin(List<String> columns) {
        rows.begin(columns);
        List<String> added = Stream.concat(
                        Stream.of(PREDICTION), classes.stream().map(PROBABILITY::concat))
                .toList();
        kept = IntStream.range(0, columns.size())
                .filter(column -> !added.contains(columns.get(column).strip()))
                .toArray();
        List<String> header = new ArrayList<>();
        IntStream.of(kept).mapToObj(columns::get).forEach(header::add);
        header.addAll(added);
        StringBuilder line = new StringBuilder();
        for (String name : header) {
            line.append(line.isEmpty() ? "" : ",");
            appendCell(line, name.toCharArray(), 0, name.length());
        }
        write(line.append('\n'));
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
    public void predicted(Prediction prediction) {
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < rows.rows(); row++) {
            for (int column : kept) {
                int start = rows.start(row, column);
                appendCell(lines, rows.text(), start, rows.end(row, column) - start);
                lines.append(',');
            }
            appendPrediction(lines, prediction, row);
            lines.append('\n');
        }
        write(lines);
        rows.clear();
    }

    private void appendPrediction(StringBuilder line, Prediction prediction, int row) {
        Matrix predictions = prediction.predictions();
        if (prediction.labels() == null) {
            appendNumber(line, predictions.get(row, 0));
            return;
        }
        String label = prediction.labels().get(row);
        appendCell(line, label.toCharArray(), 0, label.length());
        for (int i = 0; i < classes.size(); i++) {
            line.append(',');
            appendNumber(line, Probabilities.of(predictions, row, i));
        }
    }

    /** As in JSON; a number that is not finite is an empty cell. */
    private static void appendNumber(StringBuilder line, float number) {
        if (Float.isFinite(number)) {
            line.append(NumberOutput.toString(number, true));
        }
    }

    private static void appendCell(StringBuilder line, char[] text, int offset, int length) {
        if (!needsQuotes(text, offset, length)) {
            line.append(text, offset, length);
            return;
        }
        line.append('"');
        for (int i = offset; i < offset + length; i++) {
            line.append(text[i]);
            if (text[i] == '"') {
                line.append('"');
            }
        }
        line.append('"');
    }

    private static boolean needsQuotes(char[] text, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            char character = text[i];
            if (character == ',' || character == '"' || character == '\n' || character == '\r') {
                return true;
            }
        }
        return false;
    }

    private void write(StringBuilder lines) {
        try {
            out.append(lines);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
