package io.backprop.spark;

import io.backprop.engine.Matrix;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowEncoder.Batch;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.Warnings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/** Predicts for rows in batches, as they are asked for, and adds the predictions to them. */
final class PredictedRows implements Iterator<Row> {

    private final Iterator<Row> rows;
    private final RowCells cells;
    private final TableScorer scorer;
    private final int[] kept; // columns of the rows
    private final Warnings warnings = new Warnings();
    private final Consumer<PartReport> end;
    private final RowEncoder encoder;
    private final List<Row> batch = new ArrayList<>(); // being read
    private final Queue<Row> predicted = new ArrayDeque<>();
    private long count; // of the rows read
    private boolean complete;

    /**
     * Predicts for the rows of one part of a table.
     *
     * @param kept the columns to which the predictions are added
     * @param end receives the report about the rows, after the last of them
     */
    PredictedRows(
            Iterator<Row> rows,
            RowCells cells,
            TableScorer scorer,
            CellRules rules,
            int[] kept,
            Consumer<PartReport> end) {
        this.rows = rows;
        this.cells = cells;
        this.scorer = scorer;
        this.kept = kept.clone();
        this.end = end;
        this.encoder = new RowEncoder(scorer.expectedColumns(false), rules, warnings, this::predict);
        encoder.begin(cells.names());
    }

    @Override
    public boolean hasNext() {
        while (predicted.isEmpty() && !complete) {
            if (rows.hasNext()) {
                Row row = rows.next();
                count++;
                batch.add(row);
                cells.pass(row, encoder);
                encoder.endRow();
            } else {
                complete = true;
                if (!batch.isEmpty()) {
                    encoder.finish();
                }
                end.accept(new PartReport(TaskContext.getPartitionId(), count, warnings.toList()));
            }
        }
        return !predicted.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return predicted.remove();
    }

    private void predict(Batch encoded) {
        Matrix predictions = scorer.predict(encoded.inputs());
        boolean classes = !scorer.classes().isEmpty();
        List<String> labels = classes ? scorer.labels(predictions) : List.of();
        Matrix probabilities = classes ? scorer.probabilities(predictions) : predictions;
        for (int i = 0; i < batch.size(); i++) {
            @Nullable
            Object[] values = new Object[kept.length + 1 + scorer.classes().size()];
            Row row = batch.get(i);
            int to = 0;
            for (int column : kept) {
                values[to++] = row.get(column);
            }
            values[to++] = classes ? labels.get(i) : inUnit(predictions.get(i, 0));
            for (int column = 0; column < scorer.classes().size(); column++) {
                values[to++] = finite(probabilities.get(i, column));
            }
            predicted.add(RowFactory.create(values));
        }
        batch.clear();
    }

    private @Nullable Object inUnit(float number) {
        return scorer.unit().isDate() ? scorer.unit().toIso8601(number) : finite(number);
    }

    private static @Nullable Float finite(float number) {
        return Float.isFinite(number) ? number : null;
    }
}
