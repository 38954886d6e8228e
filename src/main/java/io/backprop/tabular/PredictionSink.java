package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.List;
import java.util.function.Consumer;

/** Receives the predictions for a table, one batch of rows after the other. */
@FunctionalInterface
public interface PredictionSink {

    /**
     * A sink for the rows that passes each of them on to {@code rows}, for a receiver that needs the rows as well as their
     * predictions.
     */
    default RowSink tap(RowSink rows) {
        return rows;
    }

    /** What was done to the rows that the client may not expect, after all of them. */
    default List<String> warnings() {
        return List.of();
    }

    /**
     * Called by the reading thread at the end of each batch.
     *
     * @return receives the predictions for this batch, rows × outputs; runs after those of all earlier batches, possibly on another thread
     *     while the next batch is read
     */
    Consumer<Matrix> endBatch();
}
