package io.backprop.model.web;

import io.backprop.model.Predictor;
import io.backprop.web.RowSource;

/** An answer of a line for each row, which are still to be read. */
record PredictedRows(Predictor predictor, RowSource rows) {}
