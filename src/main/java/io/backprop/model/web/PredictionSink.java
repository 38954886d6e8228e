package io.backprop.model.web;

import io.backprop.model.Prediction;
import io.backprop.tabular.RowSink;
import java.util.List;

/** Takes in rows of a table, and after some of them the predictions for these; most need only the predictions. */
interface PredictionSink extends RowSink {

    @Override
    default void begin(List<String> columns) {}

    @Override
    default void cell(int column, char[] text, int offset, int length) {}

    @Override
    default void endRow() {}

    /** Predictions for the rows since the last ones. */
    void predicted(Prediction predictions);
}
