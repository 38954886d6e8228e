package io.backprop.prediction.web;

import static java.util.Objects.requireNonNullElse;

import io.backprop.driver.OutputFormat;
import io.backprop.engine.Matrix;
import io.backprop.prediction.ScoringCommand;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.InvalidCells;
import io.backprop.web.table.DecimalSeparator;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.RowsRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table for a driver to score. */
@Schema(name = "TablePredictionRequest")
record ScoringRequest(
        @NotNull String table,
        @NotNull String output,
        @Nullable OutputFormat format,
        @Nullable Long version,
        @Nullable @Size(max = 100) List<@NotNull String> missing,
        @Nullable DecimalSeparator decimal,
        @Nullable String dateFormat,
        @Nullable InvalidCells invalidCells)
        implements RowsRequest {

    @Override
    public @Nullable Matrix inputs() {
        return null;
    }

    @Override
    public @Nullable RowSource rows() {
        return null;
    }

    /** @param known the format of the cells that the model was trained with */
    ScoringCommand toCommand(CellFormat known) {
        return new ScoringCommand(table, output, requireNonNullElse(format, OutputFormat.PARQUET), cellRules(known));
    }
}
