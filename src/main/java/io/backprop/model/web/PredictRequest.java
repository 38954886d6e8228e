package io.backprop.model.web;

import io.backprop.engine.Matrix;
import io.backprop.web.RowSource;
import io.backprop.web.RowsRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What to predict for: rows of numbers, or rows of a table. */
@Schema(name = "Predict")
record PredictRequest(@Nullable Matrix inputs, @Nullable RowSource rows) implements RowsRequest<RowSource> {}
