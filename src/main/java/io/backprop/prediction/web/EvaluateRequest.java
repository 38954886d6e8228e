package io.backprop.prediction.web;

import io.backprop.engine.Matrix;
import io.backprop.tabular.Targets;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.RowsRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Rows of numbers with their targets, or rows of a table that has the target as a column. */
@Schema(name = "EvaluateRequest")
record EvaluateRequest(
        @Nullable Matrix inputs,
        @Nullable Targets targets,
        @Nullable RowSource rows,
        @Nullable String target) implements RowsRequest<RowSource> {}
