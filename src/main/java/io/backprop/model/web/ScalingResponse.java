package io.backprop.model.web;

import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scale;
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
        @Nullable List<ScaleForm> inputs, @Nullable List<ScaleForm> targets) {

    /** Null if nothing is scaled. */
    static @Nullable ScalingResponse of(Preprocessing preprocessing) {
        List<ScaleForm> inputs = preprocessing instanceof Preprocessing.Standardized standardized
                ? forms(standardized.inputs().columns())
                : null;
        List<ScaleForm> targets = forms(preprocessing.targets().columns());
        return inputs == null && targets == null ? null : new ScalingResponse(inputs, targets);
    }

    private static @Nullable List<ScaleForm> forms(List<Scale> scales) {
        return scales.isEmpty()
                ? null
                : scales.stream()
                        .map(scale -> new ScaleForm(scale.offset(), scale.factor()))
                        .toList();
    }

    @Schema(name = "Scale")
    record ScaleForm(double offset, double factor) {}
}
