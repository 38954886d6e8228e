package io.backprop.prediction.web;

import io.backprop.engine.Matrix;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.RowsRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Rows of numbers, or rows of a table. */
@Schema(name = "PredictRequest")
record PredictRequest(@Nullable Matrix inputs, @Nullable RowSource rows) implements RowsRequest<RowSource> {}
