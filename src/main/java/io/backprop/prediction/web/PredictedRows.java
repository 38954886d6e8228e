package io.backprop.prediction.web;

import io.backprop.prediction.Predictor;
import io.backprop.web.table.RowSource;

/** An answer of a line for each row, which are still to be read. */
record PredictedRows(Predictor predictor, RowSource rows) {}
