package io.backprop.prediction.web;

import io.backprop.prediction.Prediction;
import io.backprop.tabular.RowSink;
import java.util.List;
import java.util.function.Consumer;

/** Takes in rows of a table, and after some of them the predictions for these; most need only the predictions. */
interface PredictionWriter extends RowSink {

    @Override
    default void begin(List<String> columns) {}

    @Override
    default void cell(int column, char[] text, int offset, int length) {}

    @Override
    default void endRow() {}

    /** Ends a part of the rows; gives who takes the predictions for these, on any thread, while the next part comes in. */
    Consumer<Prediction> endPart();
}
