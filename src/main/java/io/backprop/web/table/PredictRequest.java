package io.backprop.web.table;

import io.backprop.engine.Matrix;
import io.backprop.tabular.InvalidCells;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of numbers, or rows of a table. */
@Schema(name = "PredictRequest")
public record PredictRequest(
        @Nullable Matrix inputs,
        @Nullable RowSource rows,
        @Nullable @Size(max = 100) List<@NotNull String> missing,
        @Nullable DecimalSeparator decimal,
        @Nullable String dateFormat,
        @Nullable InvalidCells invalidCells)
        implements RowsRequest {}
