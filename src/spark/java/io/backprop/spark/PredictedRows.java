package io.backprop.spark;

import io.backprop.engine.Matrix;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowEncoder.Batch;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableException;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.Warnings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/** Predicts for the rows of a part of a table in batches, as they are asked for, and adds the predictions to them. */
final class PredictedRows implements Iterator<Row> {

    private final TableScorer scorer;
    private final Warnings warnings = new Warnings();
    private final Consumer<PartReport> end;
    private final RowEncoder encoder;
    private final TablePart.Rows rows;
    private final List<@Nullable Object[]> batch = new ArrayList<>(); // the values of the rows that are being read
    private final Queue<Row> predicted = new ArrayDeque<>();
    private long count; // of the rows read
    private boolean complete;

    /** Rows with the values to which predictions are added. */
    interface Source {

        /**
         * Begins to read. Reading a row passes its values on, and then the row to the sink.
         *
         * @param values receives an array with a value for each column that is kept. Not modified.
         */
        TablePart.Rows open(RowSink sink, Consumer<@Nullable Object[]> values);
    }

    /** @param end receives the report about the rows, after the last of them */
    PredictedRows(Source source, TableScorer scorer, CellRules rules, Consumer<PartReport> end) {
        this.scorer = scorer;
        this.end = end;
        this.encoder = new RowEncoder(scorer.expectedColumns(false), rules, warnings, this::predict);
        this.rows = source.open(encoder, this::add);
    }

    private void add(@Nullable Object[] values) {
        batch.add(values);
        count++;
    }

    @Override
    public boolean hasNext() {
        while (predicted.isEmpty() && !complete) {
            String failure = "";
            try {
                complete = !rows.next();
            } catch (TableException e) {
                complete = true;
                failure = e.getMessage();
            }
            if (complete) {
                if (failure.isEmpty() && !batch.isEmpty()) {
                    encoder.finish();
                }
                end.accept(new PartReport(TaskContext.getPartitionId(), count, warnings.toList(), failure));
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
        if (TaskContext.get().isInterrupted()) {
            throw new TaskKilledException();
        }
        Matrix predictions = scorer.predict(encoded.inputs());
        int classes = scorer.classes().size();
        List<String> labels = classes > 0 ? scorer.labels(predictions) : List.of();
        Matrix probabilities = classes > 0 ? scorer.probabilities(predictions) : predictions;
        for (int row = 0; row < predictions.rows(); row++) {
            @Nullable Object[] kept = batch.get(row);
            @Nullable Object[] values = Arrays.copyOf(kept, kept.length + 1 + classes);
            values[kept.length] = classes > 0 ? labels.get(row) : inUnit(predictions.get(row, 0));
            for (int i = 0; i < classes; i++) {
                values[kept.length + 1 + i] = finite(probabilities.get(row, i));
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
