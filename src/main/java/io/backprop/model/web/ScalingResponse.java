package io.backprop.model.web;

import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scale;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How numbers are scaled, (number − offset) / factor, by their place in a row.
 *
 * @param inputs null if they are as they were sent, or a table's, which its features tell of
 * @param targets null if they are as they were sent; predictions are given back in the unit of the targets
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

    /** What is subtracted from a number, and what it is divided by then. */
    @Schema(name = "Scale")
    record ScaleForm(double offset, double factor) {}
}
