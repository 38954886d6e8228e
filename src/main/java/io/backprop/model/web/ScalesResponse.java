package io.backprop.model.web;

import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scaling;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scale of each number of a row.
 *
 * @param inputs null if the inputs are not scaled, or are the columns of a table, whose scales are those of the features
 * @param targets null if the targets are not scaled; predictions have the unit of the targets
 */
@Schema(name = "Scales")
record ScalesResponse(
        @Nullable List<ColumnScaling> inputs, @Nullable List<ColumnScaling> targets) {

    /** Null if nothing is scaled. */
    static @Nullable ScalesResponse of(Preprocessing preprocessing) {
        List<ColumnScaling> inputs =
                preprocessing instanceof Preprocessing.Standardized standardized ? scales(standardized.inputs()) : null;
        List<ColumnScaling> targets = scales(preprocessing.targets());
        return inputs == null && targets == null ? null : new ScalesResponse(inputs, targets);
    }

    private static @Nullable List<ColumnScaling> scales(Scaling scaling) {
        return scaling.isNone() ? null : scaling.columns();
    }
}
