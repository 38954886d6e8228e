package io.backprop.model.web;

import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scaling;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scaling of each number of a row: {@code (number − offset) / factor}.
 *
 * @param inputs null if the inputs are not scaled, or are the columns of a table, which contain their own scaling
 * @param targets null if the targets are not scaled; predictions have the unit of the targets
 */
@Schema(name = "Scaling")
record ScalingResponse(
        @Nullable List<ColumnScaling> inputs, @Nullable List<ColumnScaling> targets) {

    /** Null if nothing is scaled. */
    static @Nullable ScalingResponse of(Preprocessing preprocessing) {
        List<ColumnScaling> inputs =
                preprocessing instanceof Preprocessing.Standardized standardized ? scales(standardized.inputs()) : null;
        List<ColumnScaling> targets = scales(preprocessing.targets());
        return inputs == null && targets == null ? null : new ScalingResponse(inputs, targets);
    }

    private static @Nullable List<ColumnScaling> scales(Scaling scaling) {
        return scaling.isNone() ? null : scaling.columns();
    }
}
