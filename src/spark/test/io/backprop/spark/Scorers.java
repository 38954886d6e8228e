package io.backprop.spark;

import io.backprop.driver.CsvPredictionWriter;
import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.Feature;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.Warnings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scorers with random parameters for the columns of {@link TestTable#random}, and their predictions on one machine. */
final class Scorers {

    private static final NumberRange RANGE = new NumberRange(-3, 0, 3);

    private Scorers() {}

    static TableScorer regression() {
        return new TableScorer(
                columns("y", TargetUnit.NUMBER),
                null,
                ensemble(1, Activation.LINEAR, new Loss.MeanSquaredError(), 1),
                null);
    }

    /** Predicts dates. */
    static TableScorer dates() {
        return new TableScorer(
                columns("y", TargetUnit.DATE),
                null,
                ensemble(1, Activation.LINEAR, new Loss.MeanSquaredError(), 1),
                null);
    }

    /** Two networks that distinguish two classes with one output. */
    static TableScorer binary() {
        Ensemble ensemble = ensemble(1, Activation.SIGMOID, new Loss.BinaryCrossentropy(0), 2);
        return new TableScorer(
                columns("kind", TargetUnit.NUMBER),
                new ClassEncoding(List.of("high", "low")),
                ensemble.withTemperature(1.7),
                null);
    }

    /** Three networks that distinguish three classes. */
    static TableScorer classes() {
        Ensemble ensemble = ensemble(3, Activation.SOFTMAX, new Loss.CategoricalCrossentropy(0), 3);
        return new TableScorer(
                columns("kind", TargetUnit.NUMBER),
                new ClassEncoding(List.of("ä b", "c", "d")),
                ensemble.withTemperature(0.8),
                null);
    }

    private static Columns columns(String target, TargetUnit unit) {
        return new Columns(
                List.of(
                        new Feature.Numeric("a", new ColumnScaling(0.1, 1.3), RANGE, false),
                        new Feature.Numeric("b", new ColumnScaling(50, 29), RANGE, false),
                        new Feature.Categorical("city", List.of("Köln", "Oslo", "Rom"), true),
                        new Feature.Numeric("date", new ColumnScaling(19_900, 100), RANGE, true),
                        new Feature.Categorical("count", List.of("1", "2", "3"), false)),
                target,
                unit,
                new Scaling(unit.isDate() || target.equals("y") ? List.of(new ColumnScaling(2, 300)) : List.of()),
                CellFormat.DEFAULT);
    }

    private static Ensemble ensemble(int outputs, Activation activation, Loss loss, int networks) {
        NetworkSpec spec = new NetworkSpec(
                10, List.of(new LayerSpec(16, Activation.TANH), new LayerSpec(outputs, activation)), loss);
        List<Network> list = new ArrayList<>();
        for (int i = 0; i < networks; i++) {
            list.add(Network.initialize(spec, i));
        }
        return Ensemble.of(list);
    }

    /** The rows with predictions as CSV, as the service answers them. */
    static String csv(TableScorer scorer, String rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CsvPredictionWriter writer = new CsvPredictionWriter(scorer, false, out, bytes -> {});
        RowEncoder encoder = new RowEncoder(
                scorer.expectedColumns(false),
                new CellRules(scorer.columns().format(), InvalidCells.ERROR),
                new Warnings(),
                batch -> writer.endBatch().accept(scorer.predict(batch.inputs())));
        try {
            CsvTables.read(new ByteArrayInputStream(rows.getBytes(StandardCharsets.UTF_8)), writer.tap(encoder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        encoder.finish();
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The columns that predictions add, of rows with predictions as CSV without quoted separators: header first. */
    static List<String[]> predictions(String csv, int first) {
        return csv.lines()
                .map(line -> line.split(",", -1))
                .map(cells -> Arrays.copyOfRange(cells, first, cells.length))
                .toList();
    }
}
