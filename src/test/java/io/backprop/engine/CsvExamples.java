package io.backprop.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/** Reads examples from CSV files of numbers with a class in the last column. */
final class CsvExamples {

    private CsvExamples() {}

    /** Does not scale features; encodes classes one-hot in order of first appearance. */
    static Examples read(String name) {
        List<String[]> rows =
                lines(name).stream().skip(1).map(line -> line.split(",", -1)).toList();
        List<String> labels = new ArrayList<>(new LinkedHashSet<>(
                rows.stream().map(row -> row[row.length - 1]).toList()));
        float[][] inputs = new float[rows.size()][];
        float[][] targets = new float[rows.size()][labels.size()];
        for (int i = 0; i < inputs.length; i++) {
            String[] row = rows.get(i);
            inputs[i] = new float[row.length - 1];
            for (int column = 0; column < inputs[i].length; column++) {
                inputs[i][column] = Float.parseFloat(row[column]);
            }
            targets[i][labels.indexOf(row[row.length - 1])] = 1;
        }
        return Examples.of(Matrix.of(inputs), Matrix.of(targets));
    }

    /** Standardizes inputs with the mean and deviation of the reference's columns. */
    static Examples standardize(Examples examples, Examples reference) {
        float[][] rows = new float[examples.size()][];
        Arrays.setAll(rows, examples.inputs()::row);
        for (int i = 0; i < examples.inputs().columns(); i++) {
            int column = i;
            MeanAndDeviation statistics = MeanAndDeviation.of(
                    reference.size(), row -> reference.inputs().get(row, column));
            for (float[] row : rows) {
                row[column] = (float) ((row[column] - statistics.mean()) / statistics.deviation());
            }
        }
        return Examples.of(Matrix.of(rows), examples.targets());
    }

    private static List<String> lines(String name) {
        try (InputStream file = Objects.requireNonNull(CsvExamples.class.getResourceAsStream(name))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
