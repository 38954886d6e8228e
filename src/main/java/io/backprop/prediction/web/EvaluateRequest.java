package io.backprop.prediction.web;

import io.backprop.engine.Matrix;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.Targets;
import io.backprop.web.table.DecimalSeparator;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.RowsRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of numbers with their targets, or rows of a table that has the target as a column. */
@Schema(name = "EvaluateRequest")
record EvaluateRequest(
        @Nullable Matrix inputs,
        @Nullable Targets targets,
        @Nullable RowSource rows,
        @Nullable String target,
        @Nullable @Size(max = 100) List<@NotNull String> missing,
        @Nullable DecimalSeparator decimal,
        @Nullable String dateFormat,
        @Nullable InvalidCells invalidCells)
        implements RowsRequest {}
